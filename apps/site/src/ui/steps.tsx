import type { ComponentChildren, VNode } from 'preact';

/** What to do, one after the other. */
export function Steps({ steps }: { steps: readonly ComponentChildren[] }): VNode {
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li key={index}>{step}</li>
      ))}
    </ol>
  );
}
