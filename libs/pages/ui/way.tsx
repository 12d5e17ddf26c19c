import type { VNode } from 'preact';

/** A link on a line of its own, large enough for a finger: the way back, or on. */
export function Way({ href, children }: { href: string; children: string }): VNode {
  return (
    <p class="way">
      <a href={href}>{children}</a>
    </p>
  );
}
