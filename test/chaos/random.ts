import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded random numbers. */
export interface Random {
  /** From 0 to 1, 1 excluded. */
  chance(): number;
  /** A whole number between the two, inclusive. */
  between(from: number, to: number): number;
}

/** The random numbers of a row. They depend on the run's seed and the row's name only, not on what runs beside it. */
export function createRandom(seed: number, name: string): Random {
  let mixed = seed;
  for (const letter of name) mixed = (Math.imul(mixed, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  const generator = xoroshiro128plus(mixed);
  const chance = (): number => uniformFloat64(generator);
  return { chance, between: (from, to) => from + Math.floor(chance() * (to - from + 1)) };
}
