import type { RawRecord } from '#events';
import { deliver } from './deliver.ts';
import { parkedAtOf, readRetryNote, retryHeaders, type RetryNote } from './retry-headers.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { later, never, redisUnavailable } from './testing/failures.ts';
import { fakeBatch, fakeWorld, retried, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, callInLedger, callRecord, LINE, numberSettings } from './testing/records.ts';

const A = 'a@example.jp';
const SECOND = 1_000;

interface World extends FakeWorld {
  readonly clock: { now: number };
  /** As long as true, Redis takes no answer. */
  readonly redis: { isAway: boolean };
}

function world(script: Parameters<typeof fakeWorld>[1] = {}): World {
  const clock = { now: AT + 20 * SECOND };
  const redis = { isAway: false };
  const made = fakeWorld(createInMemoryLedger({ now: () => clock.now }), script, () => clock.now);
  made.numbers.set(LINE, numberSettings(A));
  const { ledger } = made.deps.stores;
  const record: typeof ledger.record = (...given) =>
    redis.isAway ? Promise.reject(redisUnavailable()) : ledger.record(...given);
  const deps = withDeps(made.deps, { stores: { ledger: { ...ledger, record } } });
  return { ...made, deps, clock, redis };
}

/**
 * Sends the call's mail while Redis takes no answer; the record that keeps the answer. The breaker is open meanwhile, so
 * that the delivery waits for its answer, however long Redis is asked for.
 */
async function keptAnswer(made: World): Promise<RawRecord> {
  made.redis.isAway = true;
  await deliver(made.deps, fakeBatch([callRecord('1')]));
  expect(made.breaker.isOpen()).toBe(true);
  made.redis.isAway = false;
  made.breaker.close();
  const [kept, ...more] = retried(made);
  expect(more).toEqual([]);
  return kept!;
}

const header = ({ headers }: RawRecord, name: string): string => String(headers[name]);

describe('an answer that Kafka keeps', () => {
  it('is due at once', async () => {
    const made = world();
    const kept = await keptAnswer(made);
    expect(header(kept, 'retry-not-before')).toBe(String(made.clock.now));
    const batch = fakeBatch([kept]);
    expect(await deliver(made.deps, batch)).toEqual({});
    expect(batch.offsets).toEqual(['0']);
    expect(made.seen.outcomes).toMatchObject([{ recipients: [{ state: 'accepted' }] }]);
  });

  it('is written down in the name of the claim that it was given to, while that lives', async () => {
    const made = world({ [A]: [never] });
    const { deps, seen, clock } = made;
    const { send } = deps.mailing.sender;
    deps.mailing.sender.send = async (mail, beforeData) => {
      await beforeData();
      return send(mail, beforeData);
    };
    const kept = await keptAnswer(made);
    await deliver(deps, fakeBatch([kept]));
    expect(seen.outcomes).toMatchObject([{ recipients: [{ address: A, state: 'bounced', attempts: 1 }] }]);
    for (let look = 0; look < 3; look += 1) {
      clock.now += 100 * SECOND;
      await deliver(deps, fakeBatch([callRecord('1')]));
      await deliver(deps, fakeBatch(retried(made)));
    }
    expect(seen.sent).toEqual([]);
  });

  it('that puts the mail off is not that of its next retry, which is sent', async () => {
    const made = world({ [A]: [later] });
    const { deps, seen, clock } = made;
    await deliver(deps, fakeBatch([await keptAnswer(made)]));
    expect(seen.outcomes).toMatchObject([{ recipients: [{ state: 'deferred', attempts: 1 }] }]);
    const next = retried(made);
    expect(next).toHaveLength(1);
    clock.now += 10 * SECOND;
    await deliver(deps, fakeBatch(next));
    expect(seen.sent).toMatchObject([{ address: A }]);
    expect(seen.outcomes.at(-1)).toMatchObject({ recipients: [{ state: 'accepted', attempts: 2 }] });
  });
});

describe('a copy that is parked again and again', () => {
  it('looks less often after two minutes, counted from when it was parked first', async () => {
    const made = world();
    const { deps, clock } = made;
    const { ledger } = deps.stores;
    const claim: typeof ledger.claim = async (request) => {
      const { table } = await ledger.claim(request);
      return { table, claims: new Map([[A, { kind: 'busy', until: clock.now + SECOND }]]) };
    };
    const busy = withDeps(deps, { stores: { ledger: { ...ledger, claim } } });
    const since = clock.now;
    let records = [callRecord('1')];
    const topics: string[] = [];
    for (let look = 0; look < 15; look += 1) {
      await deliver(busy, fakeBatch(records));
      records = retried(made);
      expect(records.map(parkedAtOf)).toEqual([since]);
      topics.push(records[0]!.topic);
      clock.now += (topics.at(-1) === 'notify-retry-10s' ? 10 : 60) * SECOND;
    }
    expect(new Set(topics.slice(0, 12))).toEqual(new Set(['notify-retry-10s']));
    expect(new Set(topics.slice(12))).toEqual(new Set(['notify-retry-1m']));
  });
});

describe("a retry record's headers", () => {
  const event = callInLedger(A);
  const note: RetryNote = { notBefore: AT, address: A, attempts: 1, event, error: '451 4.2.1 later' };
  const answered = { state: 'deferred', attempts: 1, response: '451', token: 't' } as const;

  it('take nothing over from the record before but the time of the first failure', () => {
    const first = callRecord('1');
    const kept: RawRecord = {
      ...first,
      headers: { ...first.headers, ...retryHeaders({ ...note, parkedAt: AT, answered }, first, AT) },
    };
    expect(readRetryNote(kept)).toMatchObject({ answered });
    expect(parkedAtOf(kept)).toBe(AT);
    const next: RawRecord = {
      ...kept,
      headers: { ...kept.headers, ...retryHeaders(note, kept, AT + SECOND) },
    };
    expect(readRetryNote(next)).toEqual({ ...note, answered: undefined });
    expect(parkedAtOf(next)).toBeUndefined();
    expect(header(next, 'retry-first-failure')).toBe(new Date(AT).toISOString());
  });
});
