import { applyFaultReport, REMEMBER_MS, rememberFaults, type FaultStates, type LineFaults } from '#delivery';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { createSwap, untilUndisturbed } from '../connection/compare-and-swap.ts';
import { parseLineFaults } from './stored-faults.ts';

/** A day longer than any fault is remembered: events may be ahead of our clock. */
const KEPT_MS = REMEMBER_MS + 24 * 3_600_000;

/**
 * The state of each line's faults, one document a line. What a report comes to is worked out by the same pure functions
 * that the rules' tests prove, and written only if nobody wrote in between. Rejects with a `RedisError`.
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
        // A report that changes anything names its own event in it, so a text already there has the same answer.
        return (await swap(key, before, after)) ? answer : 'again';
      }),
  };
}

/** What is remembered of a line's faults (R3, R4) at `now`, epoch milliseconds. Rejects with a `RedisError`. */
export async function faultsOfLine(
  redis: RedisConnection,
  lineNumber: string,
  now: number,
): Promise<LineFaults> {
  const key = createKeys(redis.keyPrefix).faults(lineNumber);
  const text = await answered(redis.client, 'reading a line’s faults', () => redis.client.get(key));
  return rememberFaults(parseLineFaults(text), now);
}
