import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import { encodeEvent, type EncodedEvent } from '#events';
import { believableCall } from './believable-call.ts';
import { createRandom } from './random.ts';
import { calledNumbers, type CalledNumber } from './subscriber.ts';
import type { SwitchPort } from './switch-port.ts';

export interface LoadOptions {
  /** Calls a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Over how many numbers, each a line of its own, counted up from `firstNumber`. */
  readonly numbers: number;
  readonly firstNumber: string;
  readonly source: string;
  readonly seed: number;
}

/** The result of a load. */
export interface LoadResult {
  readonly acknowledged: number;
  readonly seconds: number;
}

const TICK_MS = 20;
const LARGEST_BATCH = 2_000;
/** When Kafka is slower than the rate, the load falls behind instead of filling the memory. */
const BATCHES_IN_FLIGHT = 8;

/** Publishes a stream of calls at a constant rate; ends early when the port's signal is aborted. */
export async function runLoad(port: SwitchPort, options: LoadOptions): Promise<LoadResult> {
  const start = performance.now();
  let acknowledged = 0;
  const publish = async (events: readonly EncodedEvent[]): Promise<void> => {
    await port.publish(events);
    acknowledged += events.length;
  };
  await pMap(batches(port, options, start), publish, { concurrency: BATCHES_IN_FLIGHT });
  return { acknowledged, seconds: (performance.now() - start) / 1000 };
}

/** The calls that are due, whenever some are. */
async function* batches(
  port: SwitchPort,
  options: LoadOptions,
  start: number,
): AsyncGenerator<EncodedEvent[]> {
  const draw = callsOf(options, port);
  const total = Math.round(options.rate * options.seconds);
  let drawn = 0;
  while (drawn < total && !port.signal.aborted) {
    const due = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * options.rate));
    const count = Math.min(due - drawn, LARGEST_BATCH);
    if (count > 0) yield Array.from({ length: count }, draw);
    else await delay(TICK_MS);
    drawn += count;
  }
}

function callsOf({ numbers, firstNumber, source, seed }: LoadOptions, port: SwitchPort): () => EncodedEvent {
  const random = createRandom(seed);
  const called: CalledNumber[] = calledNumbers(random, countUp(firstNumber, numbers));
  return () => {
    const time = port.now();
    const data = believableCall(random, random.pick(called), time);
    return encodeEvent({ type: 'call.v1', source, id: randomUUID(), time, key: data.lineNumber, data });
  };
}

function countUp(first: string, count: number): { lineNumber: string; numbers: readonly string[] }[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(Number(first) + index).padStart(first.length, '0');
    return { lineNumber: number, numbers: [number] };
  });
}
