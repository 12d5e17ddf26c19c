import type { ComponentChildren, VNode } from 'preact';

/** What has to be done elsewhere before this works, and the way there; `help` says it where nothing is wrong. */
export function MissingFirst({
  path,
  name,
  kind = 'warning',
  children,
}: {
  path: string;
  name: string;
  kind?: 'warning' | 'help';
  children: ComponentChildren;
}): VNode {
  return (
    <div class={kind}>
      <p>{children}</p>
      <p class="way">
        <a href={path}>{name}</a>
      </p>
    </div>
  );
}
