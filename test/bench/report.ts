import { median } from './statistics.ts';

interface Row {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: string;
  readonly digits: number;
  /** Cores that other work kept busy meanwhile. */
  others?: number;
}

/** A table of the measurements for people: median, minimum and maximum of the runs, and the machine's other work. */
export class Report {
  private readonly rows: Row[] = [];

  add(what: string, values: readonly number[], unit: string, digits = 0): void {
    this.rows.push({ what, values, unit, digits });
  }

  /** Says how many cores were busy with other work while the rows added since the last call were measured. */
  measuredBeside(others: number): void {
    for (const row of this.rows) row.others ??= others;
  }

  toString(): string {
    const names = ['median', 'minimum', 'maximum', 'others'].map((name) => name.padStart(NUMBER));
    return [`${'what'.padEnd(WHAT)} ${names.join('')}`, ...this.rows.map(line)].join('\n');
  }
}

const WHAT = 58;
const NUMBER = 12;

function line({ what, values, unit, digits, others }: Row): string {
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const shown = [median(values), Math.min(...values), Math.max(...values)]
    .map((value) => value.toLocaleString('en', format).padStart(NUMBER))
    .join('');
  const beside = others === undefined || Number.isNaN(others) ? '' : others.toFixed(2);
  return `${what.padEnd(WHAT)} ${shown}${beside.padStart(NUMBER)} ${unit}`;
}
