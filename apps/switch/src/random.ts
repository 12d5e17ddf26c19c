import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Reproducible randomness: the same seed draws the same. */
export interface Random {
  /** True with this probability, from 0 to 1. */
  chance(probability: number): boolean;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** One of them, each as likely as its weight says. */
  weighted<T>(choices: readonly (readonly [choice: T, weight: number])[]): T;
  /** One of them, which must not be empty. */
  pick<T>(choices: readonly T[]): T;
}

/** Draws from a whole-number seed. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const fraction = (): number => uniformFloat64(generator);
  const between = (from: number, to: number): number => from + Math.floor(fraction() * (to - from + 1));
  return {
    between,
    chance: (probability) => fraction() < probability,
    pick: (choices) => present(choices[between(0, choices.length - 1)]),
    weighted(choices) {
      let left = fraction() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      const found = choices.find(([, weight]) => (left -= weight) < 0) ?? choices.at(-1);
      return present(found)[0];
    },
  };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('expected something to choose from');
  return value;
}
