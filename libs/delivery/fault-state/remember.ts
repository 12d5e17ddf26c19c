import { isOpen, type FaultRecord, type LineFaults } from './fault-state.ts';

/** A fault is forgotten this long after the last word of it, in milliseconds: no record of it can come again. */
export const REMEMBER_MS = 30 * 24 * 3_600_000;
/** How many faults of one line are remembered. */
export const MOST_FAULTS = 200;

/**
 * What is still remembered of a line's faults at `now` (epoch ms). Pure. A recovered fault is forgotten 30 days after
 * its recovery; one that is open, 30 days after the switch last said that it failed: its recovery must have been lost,
 * and it would hold back every stop of the line (R3). Of more than 200 the recovered ones go first, then the oldest. A
 * recovery of a fault that was forgotten is one of a fault never heard of.
 */
export function remember(state: LineFaults, now: number): LineFaults {
  const recent = [...state].filter(([, record]) => lastWord(record) > now - REMEMBER_MS);
  if (recent.length === state.size && state.size <= MOST_FAULTS) return state;
  const worth = recent.toSorted(([, one], [, other]) => compareWorth(one, other)).slice(0, MOST_FAULTS);
  const kept = new Set(worth.map(([faultId]) => faultId));
  return new Map(recent.filter(([faultId]) => kept.has(faultId)));
}

/** Open faults before recovered ones, each of them the newest first. */
function compareWorth(one: FaultRecord, other: FaultRecord): number {
  if (isOpen(one) !== isOpen(other)) return isOpen(one) ? -1 : 1;
  return lastWord(other) - lastWord(one);
}

function lastWord({ lastFailedAt, recoveredAt }: FaultRecord): number {
  return Math.max(lastFailedAt, recoveredAt);
}
