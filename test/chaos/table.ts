import type { Row } from './run-row.ts';

const HEAD = [
  'fault',
  'times',
  'events',
  'lost',
  'doubled',
  'outside',
  'longest stall',
  'full speed',
  'target',
];

function seconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1_000).toFixed(1)} s`;
}

/** Whether recovery took longer than promised. */
function isSlow({ recoveryMs, targetMs }: Row): boolean {
  return recoveryMs !== null && targetMs !== null && recoveryMs > targetMs;
}

function cellsOf(row: Row): string[] {
  if (row.times === 0) return [row.fault, 'NOT RUN', '–', '–', '–', '–', '–', '–', '–'];
  return [
    row.fault,
    String(row.times),
    String(row.events),
    String(row.lost),
    String(row.doubled),
    String(row.doubledOutsideWindow),
    seconds(row.longestStallMs),
    seconds(row.recoveryMs),
    row.targetMs === null ? '–' : `${row.targetMs / 1_000} s${isSlow(row) ? ' ✗' : '  '}`,
  ];
}

/** Formats the rows as a table. `outside` counts doubles outside the window; ✗ marks a row slower than promised. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** Joins the rounds of each fault into one row. */
export function joined(rows: readonly Row[]): Row[] {
  return [...Map.groupBy(rows, ({ fault }) => fault)].map(([fault, of]) => {
    const sum = (pick: (row: Row) => number): number => of.reduce((total, row) => total + pick(row), 0);
    const recoveries = of.flatMap(({ recoveryMs }) => (recoveryMs === null ? [] : [recoveryMs]));
    return {
      fault,
      times: sum(({ times }) => times),
      events: sum(({ events }) => events),
      lost: sum(({ lost }) => lost),
      doubled: sum(({ doubled }) => doubled),
      doubledOutsideWindow: sum((row) => row.doubledOutsideWindow),
      longestStallMs: Math.max(...of.map(({ longestStallMs }) => longestStallMs)),
      recoveryMs: recoveries.length === 0 ? null : Math.max(...recoveries),
      targetMs: of[0]?.targetMs ?? null,
      findings: of.flatMap(({ findings }) => findings),
    };
  });
}
