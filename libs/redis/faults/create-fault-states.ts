import { applyFaultReport, type FaultRecord, type FaultStates, type LineFaults } from '#delivery';
import { answered, type RedisConnection } from '../connect-redis.ts';
import { defineScript } from '../define-script.ts';
import { createKeys } from '../keys.ts';
import { untilUndisturbed } from '../settings/optimistic.ts';

/** A fault that recovered this long ago is forgotten: no record of it can come again. */
const REMEMBER_MS = 30 * 24 * 3_600_000;

// A report names its own event in the state that it makes, so a text that is there already is this very command's.
const SWAP = `
local current = redis.call('GET', KEYS[1]) or ''
if current == ARGV[2] then return 1 end
if current ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
`;

/**
 * The state of each line's faults, one document a line. What a report comes to is worked out by the same pure function
 * that the rules' tests prove, and written only if nobody wrote in between. Rejects with a `RedisError`.
 */
export function createFaultStates(redis: RedisConnection, now: () => number = Date.now): FaultStates {
  const keys = createKeys(redis.keyPrefix);
  const swap = defineScript(redis, 'writing the state of a line’s faults', SWAP);
  return {
    report: (report) =>
      untilUndisturbed(async () => {
        const key = keys.faults(report.lineNumber);
        const before = await answered(redis.client, 'reading the state of a line’s faults', () =>
          redis.client.get(key),
        );
        const { state, ...answer } = applyFaultReport(read(before), report);
        const after = JSON.stringify([...remembered(state, now())]);
        return (await swap(key, before ?? '', after)) === 1 ? answer : 'again';
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
