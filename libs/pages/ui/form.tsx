import type { ComponentChildren, VNode } from 'preact';

/** A form that is sent by POST. What is wrong is said by the site in its own words, so the browser does not check. */
export function Form({
  action,
  upload = false,
  children,
}: {
  action: string;
  /** Whether a file goes with it. */
  upload?: boolean;
  children: ComponentChildren;
}): VNode {
  return (
    <form method="post" action={action} encType={upload ? 'multipart/form-data' : undefined} noValidate>
      {children}
    </form>
  );
}
