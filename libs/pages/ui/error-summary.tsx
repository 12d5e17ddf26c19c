import type { VNode } from 'preact';
import type { FieldErrors } from './field-errors.ts';

/** Everything that is wrong, on top of the page under its heading, each with a link to its field. The script moves the focus here. */
export function ErrorSummary({ errors }: { errors: FieldErrors }): VNode {
  return (
    <section
      class="error-summary"
      role="alert"
      aria-labelledby="error-summary-heading"
      tabIndex={-1}
      data-focus
    >
      <h2 id="error-summary-heading">入力内容をご確認ください</h2>
      <ul>
        {Object.entries(errors).map(([name, sentence]) => (
          <li key={name}>{name === '' ? sentence : <a href={`#${name}`}>{sentence}</a>}</li>
        ))}
      </ul>
    </section>
  );
}
