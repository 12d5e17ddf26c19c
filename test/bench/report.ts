import { median } from './statistics.ts';

interface Row {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: string;
  readonly digits: number;
}

/** A table of the measurements for people: median, minimum and maximum of the runs. */
export class Report {
  private readonly rows: Row[] = [];

  add(what: string, values: readonly number[], unit: string, digits = 0): void {
    this.rows.push({ what, values, unit, digits });
  }

  toString(): string {
    const head = `${'what'.padEnd(WHAT)} ${['median', 'minimum', 'maximum'].map((name) => name.padStart(NUMBER)).join('')}`;
    return [head, ...this.rows.map(line)].join('\n');
  }
}

const WHAT = 58;
const NUMBER = 12;

function line({ what, values, unit, digits }: Row): string {
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const shown = [median(values), Math.min(...values), Math.max(...values)]
    .map((value) => value.toLocaleString('en', format).padStart(NUMBER))
    .join('');
  return `${what.padEnd(WHAT)} ${shown} ${unit}`;
}
