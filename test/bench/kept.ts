import { readFile } from 'node:fs/promises';
import type { Figures } from './figures.ts';

const KEPT = new URL('kept.json', import.meta.url);
/** Machines are noisy: only less than half of the kept ratio is a failure. */
const LEAST = 0.5;

/** Prints each ratio beside the one in `kept.json`; resolves with false when one fell below half of it. */
export async function compareWithKept(figures: Figures, say: (text: string) => void): Promise<boolean> {
  const kept = JSON.parse(await readFile(KEPT, 'utf8')) as Figures;
  let isGood = true;
  say(`${'ratio'.padEnd(32)}${'kept'.padStart(8)}${'now'.padStart(8)}`);
  for (const [group, ratios] of Object.entries(kept)) {
    for (const [name, before] of Object.entries(ratios)) {
      const now = figures[group]?.[name];
      if (typeof before !== 'number' || typeof now !== 'number') continue;
      const fell = now < before * LEAST;
      isGood &&= !fell;
      const judged = fell ? '  below half of what is kept' : '';
      say(
        `${`${group}.${name}`.padEnd(32)}${before.toFixed(2).padStart(8)}${now.toFixed(2).padStart(8)}${judged}`,
      );
    }
  }
  return isGood;
}
