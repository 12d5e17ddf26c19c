import type { ComponentChildren, VNode } from 'preact';

/** What is set now: a name and its value in each row. */
export function Facts({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }): VNode {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? inOnePiece(value) : value}</dd>
        </div>
      ))}
    </dl>
  );
}

const TELEPHONE = /(\d+-\d+-\d+)/;

/** A line does not end inside of a telephone number, as browsers allow it at hyphens. */
function inOnePiece(text: string): ComponentChildren {
  return text.split(TELEPHONE).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <span key={index} class="nobr">
        {part}
      </span>
    ),
  );
}
