import type { ComponentChildren, VNode } from 'preact';

/** What was done, or what asks for attention, as a screen reader says it at once. */
export function Notice({ kind, children }: { kind: 'done' | 'warning'; children: ComponentChildren }): VNode {
  return (
    <div class={kind === 'done' ? 'notice' : 'warning'} role="status">
      <p>{children}</p>
    </div>
  );
}
