import type { VNode } from 'preact';
import type { Link } from './page-content.ts';
import { Phrases } from './phrases.tsx';

/** Links to pages, one a row, each as large as a finger, with what it is for below. */
export function LinkList({ links }: { links: readonly (Link & { readonly description?: string })[] }): VNode {
  return (
    <ul class="links">
      {links.map(({ href, text, description }) => (
        <li key={href}>
          <a href={href}>
            <Phrases text={text} />
          </a>
          {description && <p>{description}</p>}
        </li>
      ))}
    </ul>
  );
}
