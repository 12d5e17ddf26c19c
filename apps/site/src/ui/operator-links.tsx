import type { VNode } from 'preact';
import type { Brand } from '#mail';

/** The operator's own pages, which are on other sites. */
export function OperatorLinks({ links }: Pick<Brand, 'links'>): VNode {
  return (
    <ul class="ways">
      {links.map(({ text, url }) => (
        <li key={url}>
          <a href={url} rel="external">
            {text}
          </a>
        </li>
      ))}
    </ul>
  );
}
