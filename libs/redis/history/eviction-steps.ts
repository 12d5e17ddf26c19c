/** The memory use of a Redis server, as fractions of `maxmemory`, or of the system's memory where that is not set. */
export interface MemoryShare {
  /** What Redis compares with `maxmemory` before it refuses a write: without the buffers of replicas and the AOF. */
  readonly counted: number;
  /** The same without the output buffers of clients: the stored data, the part that eviction can reduce. */
  readonly stored: number;
  /** Whether Redis evicts keys by itself when it is full. */
  readonly evicts: boolean;
}

/** Parses the reply to `INFO memory`. Missing fields count as 0. */
export function memoryShare(info: string): MemoryShare {
  const value = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const bytes = (name: string): number => Number(value(name)) || 0;
  const limit = bytes('maxmemory') || bytes('total_system_memory');
  const counted = bytes('used_memory') - bytes('mem_not_counted_for_evict');
  const policy = value('maxmemory_policy');
  return {
    counted: limit > 0 ? counted / limit : 0,
    stored: limit > 0 ? (counted - bytes('mem_clients_normal')) / limit : 0,
    evicts: policy !== '' && policy !== 'noeviction',
  };
}

/** Above these fractions memory is short. */
export interface MemoryLimits {
  /** The limit for stored data. */
  readonly stored: number;
  /** The limit for all counted memory. Above it Redis is about to refuse the ledger's writes, whatever takes the memory. */
  readonly counted: number;
}

/** How far the eviction of history has gone. */
export interface Eviction {
  readonly isShort: boolean;
  /** Since when memory has been short, in milliseconds. Meaningless while it is not. */
  readonly since: number;
  /** The number of steps since then. */
  readonly steps: number;
  /** Whether the last step removed anything. */
  readonly hasRemoved: boolean;
}

export const NOT_SHORT: Eviction = { isShort: false, since: 0, steps: 0, hasRemoved: false };

/** Hysteresis: memory stays short until it falls below this part of a limit, so that the history does not flap. */
const HYSTERESIS = 0.95;
/** The days kept after each step. */
const STEPS = [15, 7, 3, 1, 0.25, 0] as const;

/** The state after a check of the memory; `shares` has every server. One that evicts by itself is never short. Pure. */
export function afterCheck(
  before: Eviction,
  shares: readonly MemoryShare[],
  limits: MemoryLimits,
  now: number,
): Eviction {
  const factor = before.isShort ? HYSTERESIS : 1;
  const isShort = shares.some(
    ({ stored, counted, evicts }) =>
      !evicts && (stored > limits.stored * factor || counted > limits.counted * factor),
  );
  if (!isShort) return NOT_SHORT;
  return before.isShort ? before : { ...NOT_SHORT, isShort, since: now };
}

/** How long memory must have been short before a step, in milliseconds. */
export interface Patience {
  /** Before the first step. Redis updates the size of its clients' output buffers up to a second late. */
  readonly firstMs: number;
  /** Before a step after one that removed nothing, and before everything is removed. */
  readonly moreMs: number;
}

/**
 * How many days to keep now; `undefined` when nothing is to be removed. The next step follows at the next check only while
 * steps remove something and memory is still short, so that a short peak does not cost the whole history. Pure.
 */
export function daysToKeep(
  { isShort, since, steps, hasRemoved }: Eviction,
  now: number,
  { firstMs, moreMs }: Patience,
): number | undefined {
  const days = isShort ? STEPS[steps] : undefined;
  const mayGoOn = steps === 0 || (hasRemoved && days !== 0);
  return now - since >= (mayGoOn ? firstMs : moreMs) ? days : undefined;
}

/** The state after a step. Pure. */
export const afterStep = (before: Eviction, hasRemoved: boolean): Eviction => ({
  ...before,
  steps: before.steps + 1,
  hasRemoved,
});
