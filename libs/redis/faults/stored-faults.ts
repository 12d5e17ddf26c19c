import { z } from 'zod';
import type { FaultRecord, LineFaults } from '#delivery';
import { storedReader } from '#rules';
import { RedisError } from '../connection/redis-error.ts';

const eventName = z.looseObject({ source: z.string(), id: z.string() });

/** One fault as it is stored; a field that came later is optional or has a default. */
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

/** Reads a line's faults, also those an earlier version stored; throws `DOCUMENT_BROKEN`. */
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
