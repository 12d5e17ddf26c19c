import type { VNode } from 'preact';
import type { Link } from './page-content.ts';

/** Links to other pages beside each other, each large enough for a finger; nothing for none. */
export function Ways({ links }: { links: readonly Link[] }): VNode | null {
  if (links.length === 0) return null;
  return (
    <p class="ways">
      {links.map(({ href, text }) => (
        <a key={href} href={href}>
          {text}
        </a>
      ))}
    </p>
  );
}
