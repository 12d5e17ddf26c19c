import type { VNode } from 'preact';

/** Carries the path that a login leads back to through a form; nothing for none. */
export function NextField({ next }: { next: string }): VNode | null {
  return next === '' ? null : <input type="hidden" name="next" value={next} />;
}
