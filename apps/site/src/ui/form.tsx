import type { ComponentChildren, VNode } from 'preact';

/** A form that is sent by POST. What is wrong is said by the site in its own words, so the browser does not check. */
export function Form({ action, children }: { action: string; children: ComponentChildren }): VNode {
  return (
    <form method="post" action={action} noValidate>
      {children}
    </form>
  );
}
