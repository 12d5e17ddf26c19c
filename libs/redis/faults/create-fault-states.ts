import { z } from 'zod';
import {
  applyFaultReport,
  REMEMBER_MS,
  rememberFaults,
  type FaultRecord,
  type FaultStates,
  type LineFaults,
} from '#delivery';
import { storedReader } from '#rules';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { RedisError } from '../connection/redis-error.ts';
import { createKeys } from '../keys.ts';
import { createSwap, untilUndisturbed } from '../connection/compare-and-swap.ts';

/** A day longer than faults are remembered, because events may be ahead of our clock. */
const KEPT_MS = REMEMBER_MS + 24 * 3_600_000;

/**
 * Fault states in Redis, one document for each line. The pure functions of libs/delivery compute the new state, which is
 * written by compare-and-swap. Rejects with a `RedisError`.
 */
export function createFaultStates(redis: RedisConnection, now: () => number = Date.now): FaultStates {
  const keys = createKeys(redis.keyPrefix);
  const doing = 'keeping the state of a line’s faults';
  const swap = createSwap(redis, doing, KEPT_MS);
  return {
    report: (report) =>
      untilUndisturbed(doing, async () => {
        const key = keys.faults(report.lineNumber);
        const before = await answered(redis.client, doing, () => redis.client.get(key));
        const remembered = rememberFaults(parseLineFaults(before), now());
        const { state, ...answer } = applyFaultReport(remembered, report);
        const after = JSON.stringify([...state]);
        // A report that changes anything puts its own event into the state. So an equal text is a repeat of this very call.
        return (await swap(key, before, after)) ? answer : 'again';
      }),
  };
}

/** The faults of a line that are remembered (R3, R4) at `now`, in epoch milliseconds. Rejects with a `RedisError`. */
export async function faultsOfLine(
  redis: RedisConnection,
  lineNumber: string,
  now: number,
): Promise<LineFaults> {
  const key = createKeys(redis.keyPrefix).faults(lineNumber);
  const text = await answered(redis.client, 'reading a line’s faults', () => redis.client.get(key));
  return rememberFaults(parseLineFaults(text), now);
}

const eventName = z.looseObject({ source: z.string(), id: z.string() });

/** A stored fault. Fields of later versions are optional or have a default. */
const storedFault: z.ZodType<FaultRecord> = z.looseObject({
  failedAt: z.number(),
  lastFailedAt: z.number(),
  recoveredAt: z.number().default(0),
  faultNotice: eventName.exactOptional(),
  started: eventName.exactOptional(),
  recoveryNotice: eventName.exactOptional(),
  stopped: eventName.exactOptional(),
});

const readFaults = storedReader<[string, FaultRecord][]>(z.array(z.tuple([z.string(), storedFault])));

/** Parses the faults of a line, also those stored by earlier versions. Throws `DOCUMENT_BROKEN`. */
export function parseLineFaults(text: string | null): LineFaults {
  if (text === null) return new Map();
  const faults = readFaults(parse(text));
  if (!faults) throw broken();
  return new Map(faults);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(error);
  }
}

function broken(cause?: unknown): RedisError {
  return new RedisError('DOCUMENT_BROKEN', 'the faults of a line cannot be read', cause);
}
