import type { ComponentChildren, VNode } from 'preact';

/**
 * A button that sends its form. One `primary` a page is what most people come for; `secondary` is beside it, `quiet`
 * is a small one of the surroundings. `name` and `value` tell the site which one of several it was.
 */
export function Button({
  kind = 'primary',
  name,
  value,
  children,
}: {
  kind?: 'primary' | 'secondary' | 'quiet';
  name?: string;
  value?: string;
  children: ComponentChildren;
}): VNode {
  return (
    <button type="submit" class={`button ${kind}`} name={name} value={value}>
      {children}
    </button>
  );
}
