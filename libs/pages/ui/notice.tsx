import type { ComponentChildren, VNode } from 'preact';
import { Facts } from './facts.tsx';

/** What was done, or what asks for attention, as a screen reader says it at once; `facts` are what is set now. */
export function Notice({
  kind,
  facts,
  children,
}: {
  kind: 'done' | 'warning';
  facts?: readonly (readonly [string, string])[] | undefined;
  children: ComponentChildren;
}): VNode {
  return (
    <div class={kind === 'done' ? 'notice' : 'warning'} role="status">
      <p>{children}</p>
      {facts && <Facts rows={facts} />}
    </div>
  );
}
