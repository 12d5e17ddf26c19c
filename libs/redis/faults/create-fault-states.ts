import { applyFaultReport, type FaultRecord, type FaultStates, type LineFaults } from '#delivery';
import { answered, type RedisConnection } from '../connect-redis.ts';
import { createKeys } from '../keys.ts';
import { createSwap, untilUndisturbed } from '../optimistic.ts';

/** A fault that recovered this long ago is forgotten: no record of it can come again. */
const REMEMBER_MS = 30 * 24 * 3_600_000;

/**
 * The state of each line's faults, one document a line. What a report comes to is worked out by the same pure function
 * that the rules' tests prove, and written only if nobody wrote in between. Rejects with a `RedisError`.
 */
export function createFaultStates(redis: RedisConnection, now: () => number = Date.now): FaultStates {
  const keys = createKeys(redis.keyPrefix);
  const doing = 'keeping the state of a line’s faults';
  const swap = createSwap(redis, doing);
  return {
    report: (report) =>
      untilUndisturbed(doing, async () => {
        const key = keys.faults(report.lineNumber);
        const before = await answered(redis.client, doing, () => redis.client.get(key));
        const { state, ...answer } = applyFaultReport(read(before), report);
        const after = JSON.stringify([...remembered(state, now())]);
        // A report that changes anything names its own event in it, so a text already there has the same answer.
        return (await swap(key, before, after)) ? answer : 'again';
      }),
  };
}

function read(text: string | null): LineFaults {
  return new Map(text === null ? [] : (JSON.parse(text) as [string, FaultRecord][]));
}

function remembered(state: LineFaults, now: number): LineFaults {
  const isRecent = ({ lastFailedAt, recoveredAt }: FaultRecord): boolean =>
    lastFailedAt > recoveredAt || recoveredAt > now - REMEMBER_MS;
  return new Map([...state].filter(([, record]) => isRecent(record)));
}
