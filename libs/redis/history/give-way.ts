import type { MemoryShare } from './memory-share.ts';

/** When memory is short, as parts of it. */
export interface MemoryLimits {
  /** What is stored may take so much. */
  readonly stored: number;
  /** All that counts may take so much: above it the ledger is about to be refused, whoever takes the memory. */
  readonly counted: number;
}

/** How far the history has given way. */
export interface GivingWay {
  readonly isShort: boolean;
  /** Since when memory is short, milliseconds; of no meaning while it is not. */
  readonly since: number;
  /** How many steps were made since then. */
  readonly steps: number;
  /** Whether the last one removed anything. */
  readonly hasRemoved: boolean;
}

export const WITH_ROOM: GivingWay = { isShort: false, since: 0, steps: 0, hasRemoved: false };

/** There is room again when so much of a limit is free: the history must not stop and go with every mail. */
const BACK = 0.95;
/** What is kept after each step, in days. */
const STEPS = [15, 7, 3, 1, 0.25, 0] as const;

/** What one more look at the memory changes: `shares` of every server. One that evicts by itself has room always. Pure. */
export function afterLook(
  before: GivingWay,
  shares: readonly MemoryShare[],
  limits: MemoryLimits,
  now: number,
): GivingWay {
  const part = before.isShort ? BACK : 1;
  const isShort = shares.some(
    ({ stored, counted, evicts }) =>
      !evicts && (stored > limits.stored * part || counted > limits.counted * part),
  );
  if (!isShort) return WITH_ROOM;
  return before.isShort ? before : { ...WITH_ROOM, isShort, since: now };
}

/** How long memory must have been short, in milliseconds. */
export interface Patience {
  /** Before anything goes: Redis counts what its clients have not read a second late. */
  readonly firstMs: number;
  /** Before what is newer goes although the step before removed nothing, and before everything goes. */
  readonly moreMs: number;
}

/**
 * How many days are to be kept now; `undefined` when nothing is to be removed. A step follows another at the next look only
 * while that removes something and is not enough: what passes in seconds costs nobody everything. Pure.
 */
export function daysToKeep(
  { isShort, since, steps, hasRemoved }: GivingWay,
  now: number,
  { firstMs, moreMs }: Patience,
): number | undefined {
  const days = isShort ? STEPS[steps] : undefined;
  const mayGoOn = steps === 0 || (hasRemoved && days !== 0);
  return now - since >= (mayGoOn ? firstMs : moreMs) ? days : undefined;
}

/** What a step that removed something, or nothing, changes. Pure. */
export const afterStep = (before: GivingWay, hasRemoved: boolean): GivingWay => ({
  ...before,
  steps: before.steps + 1,
  hasRemoved,
});
