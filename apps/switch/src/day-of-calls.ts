import type { EventData } from '#events';
import { believableCall } from './believable-call.ts';
import { createRandom, type Random } from './random.ts';
import { calledNumbers, type Subscriber } from './subscriber.ts';

export interface DayOptions {
  /** The same seed makes the same day. */
  readonly seed: number;
  /** When the day begins: midnight in Japan, in epoch milliseconds. */
  readonly midnight: number;
  /** How often a number is called on average. */
  readonly callsPerNumber: number;
}

const HOUR_MS = 3_600_000;

/** How busy each hour is: quiet at night, peaks before and after noon, families in the evening. */
const HOURS = [1, 1, 0, 0, 0, 1, 3, 8, 20, 45, 60, 50, 30, 45, 50, 45, 40, 45, 50, 40, 25, 12, 5, 2] as const;

/**
 * A believable day of calls over the given lines, in the order of time: withheld callers, Voice Warp, refused and
 * nuisance calls among them. Pure: it yields `call.v1` data; ids and publishing are the caller's.
 */
export function* dayOfCalls(
  subscribers: readonly Subscriber[],
  { seed, midnight, callsPerNumber }: DayOptions,
): Generator<EventData<'call.v1'>> {
  const random = createRandom(seed);
  const numbers = calledNumbers(random, subscribers);
  for (const at of drawTimes(random, midnight, Math.round(numbers.length * callsPerNumber))) {
    yield believableCall(random, random.pick(numbers), at);
  }
}

function drawTimes(random: Random, midnight: number, count: number): Float64Array {
  const hours = HOURS.map((weight, hour) => [hour, weight] as const);
  const draw = (): number => midnight + random.weighted(hours) * HOUR_MS + random.between(0, HOUR_MS - 1);
  return Float64Array.from({ length: count }, draw).sort();
}
