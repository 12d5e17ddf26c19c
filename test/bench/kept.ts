import { readFile } from 'node:fs/promises';
import type { Figures } from './figures.ts';

const KEPT = new URL('kept.json', import.meta.url);

/** Figures of an earlier run, by how they are judged. */
interface Kept {
  /** The more the better. Machines are noisy: only less than half is a failure. */
  readonly ratios: Figures;
  /** The less the better, and the same on every machine but for other versions of the servers. */
  readonly bytes: Figures;
  /** Shown only: they depend on the machine. */
  readonly others: Figures;
}

/** How many times the kept figure one of today may be, at least and at most. */
const LIMITS: Readonly<Record<keyof Kept, readonly [least: number, most: number]>> = {
  ratios: [0.5, Infinity],
  bytes: [0, 1.1],
  others: [0, Infinity],
};

/** Prints each figure beside the one in `kept.json`; resolves with false when one has become too bad. */
export async function compareWithKept(figures: Figures, say: (text: string) => void): Promise<boolean> {
  const { isGood, lines } = comparison(JSON.parse(await readFile(KEPT, 'utf8')) as Kept, figures);
  for (const line of lines) say(line);
  return isGood;
}

/** Compares what is kept with today's figures, line by line; those that were not measured today are left out. */
export function comparison(
  kept: Kept,
  figures: Figures,
): { readonly isGood: boolean; readonly lines: readonly string[] } {
  const lines = [`${'figure'.padEnd(32)}${'kept'.padStart(10)}${'now'.padStart(10)}`];
  let isGood = true;
  for (const judged of ['ratios', 'bytes', 'others'] as const) {
    const [least, most] = LIMITS[judged];
    for (const [name, before, now] of bothOf(kept[judged], figures)) {
      const isBad = now < before * least || now > before * most;
      isGood &&= !isBad;
      const told = isBad ? `  ${now < before ? 'below half of' : 'a tenth above'} what is kept` : '';
      lines.push(`${name.padEnd(32)}${shown(before)}${shown(now)}${told}`);
    }
  }
  return { isGood, lines };
}

function bothOf(kept: Figures, figures: Figures): readonly (readonly [string, number, number])[] {
  return Object.entries(kept).flatMap(([group, names]) =>
    Object.entries(names).flatMap(([name, before]) => {
      const now = figures[group]?.[name];
      return typeof before === 'number' && typeof now === 'number'
        ? [[`${group}.${name}`, before, now] as const]
        : [];
    }),
  );
}

const shown = (value: number): string => value.toFixed(value < 10 ? 2 : 0).padStart(10);
