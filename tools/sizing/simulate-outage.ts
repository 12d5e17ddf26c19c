import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A day's busiest hours around something that is away. Rates by the second. */
export interface Outage {
  /** At the peak; before and after it is half of that. */
  readonly arrivals: number;
  /** What can be worked when everything runs. */
  readonly capacity: number;
  /** The part of the capacity that is left while something is away: 0 for the mail server, 2/3 for a zone. */
  readonly left: number;
  readonly seconds: number;
}

/** What came of it. */
export interface Aftermath {
  /** How long it took from its end until nothing waited any more; null when it was not over after a day. */
  readonly caughtUpSeconds: number | null;
  readonly mostWaiting: number;
  /** How long the oldest one had waited at worst. */
  readonly oldestSeconds: number;
  readonly arrived: number;
  readonly worked: number;
  readonly waiting: number;
}

const DAY_S = 86_400;
/** The busy hours begin with the outage and last as long again. */
const BUSY_S = 7_200;
const NOISE = 0.2;

/**
 * Simulates, second by second, a queue that is worked in order while a part of the capacity is away in the busiest hours.
 * Arrivals vary by a fifth; the same `seed` gives the same result.
 */
export function simulateOutage({ arrivals, capacity, left, seconds }: Outage, seed: number): Aftermath {
  const generator = xoroshiro128plus(seed);
  /** What arrived in each second and is not worked yet, from `head` on. */
  const queue: number[] = [];
  let [head, waiting, arrived, worked, mostWaiting, oldestSeconds] = [0, 0, 0, 0, 0, 0];
  for (let now = 0; now < DAY_S; now += 1) {
    const rate = now < BUSY_S ? arrivals : arrivals / 2;
    const came = rate * (1 - NOISE + 2 * NOISE * uniformFloat64(generator));
    queue.push(came);
    arrived += came;
    let able = now < seconds ? capacity * left : capacity;
    while (able > 0 && head < queue.length) {
      const taken = Math.min(able, queue[head] ?? 0);
      queue[head] = (queue[head] ?? 0) - taken;
      able -= taken;
      worked += taken;
      if (queue[head] === 0) head += 1;
      else break;
    }
    waiting = arrived - worked;
    mostWaiting = Math.max(mostWaiting, waiting);
    oldestSeconds = Math.max(oldestSeconds, queue.length - head);
    if (now >= seconds && head === queue.length)
      return { caughtUpSeconds: now - seconds, mostWaiting, oldestSeconds, arrived, worked, waiting };
  }
  return { caughtUpSeconds: null, mostWaiting, oldestSeconds, arrived, worked, waiting };
}
