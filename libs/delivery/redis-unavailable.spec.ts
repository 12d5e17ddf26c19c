import type { RawRecord } from '#events';
import type { SendResult } from '#mail';
import { deliver } from './deliver.ts';
import type { Breaker } from './deps.ts';
import type { Ledger } from './ports.ts';
import { NOTICE_LADDER } from './retry-policy.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { kafkaUnavailable, redisUnavailable } from './testing/failures.ts';
import { fakeBatch, fakeWorld, retried, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, callRecord, LINE, numberSettings } from './testing/records.ts';

const A = 'a@example.jp';
const NAME = ['switch-1', '1'] as const;

/** Two workers on one ledger; the clock of both, and of the ledger, is in the test's hand. */
class TwoWorkers {
  now = AT + 20_000;
  readonly ledger = createInMemoryLedger({ now: () => this.now });
  readonly first = this.worker();
  readonly second = this.worker();
  /** By name; the first worker is answered that Redis is away, so many times. */
  readonly unanswered = new Map<keyof Ledger, { times: number; isCarriedOut: boolean }>();

  private worker(): FakeWorld {
    const made = fakeWorld(this.ledger, {}, () => this.now);
    made.numbers.set(LINE, numberSettings(A));
    return made;
  }

  /** The first worker, between whom and Redis something is broken. */
  get cutOff(): FakeWorld['deps'] {
    const answer = <K extends keyof Ledger>(name: K): Ledger[K] =>
      (async (...given: Parameters<Ledger[K]>) => {
        const fault = this.unanswered.get(name);
        const isBroken = fault !== undefined && fault.times-- > 0;
        const call = this.ledger[name] as (...args: Parameters<Ledger[K]>) => Promise<unknown>;
        if (isBroken && !fault.isCarriedOut) throw redisUnavailable();
        const result = await call(...given);
        if (isBroken) throw redisUnavailable();
        return result;
      }) as Ledger[K];
    const broken = {
      claim: answer('claim'),
      dataStarted: answer('dataStarted'),
      release: answer('release'),
      record: answer('record'),
    };
    return withDeps(this.first.deps, { stores: { ledger: { ...this.ledger, ...broken } } });
  }

  /** The first worker sends a mail, parks it for want of an answer, and cannot record the `answer` that comes later. */
  async park(record: RawRecord): Promise<{ parked: RawRecord[]; answer: PromiseWithResolvers<SendResult> }> {
    const answer = Promise.withResolvers<SendResult>();
    const { sender } = this.first.deps.mailing;
    const { send } = sender;
    sender.send = async (mail, beforeData) => {
      await send(mail, beforeData);
      return answer.promise;
    };
    this.unanswered.set('record', { times: Infinity, isCarriedOut: false });
    await deliver(this.cutOff, fakeBatch([record]));
    return { parked: retried(this.first), answer };
  }
}

describe('while Redis is away for one of two', () => {
  it('an answer that cannot be written down goes with the record, and no lease brings a copy', async () => {
    const workers = new TwoWorkers();
    workers.unanswered.set('record', { times: Infinity, isCarriedOut: false });
    const batch = fakeBatch([callRecord('1')]);
    await deliver(workers.cutOff, batch);
    expect(batch.offsets).toEqual(['1']);
    expect(workers.first.seen.sent).toHaveLength(1);
    expect(workers.first.seen.outcomes).toEqual([]);
    const kept = retried(workers.first);
    // Beyond the lease of what had begun.
    workers.now += 100_000;
    const { deps, seen } = workers.second;
    await deliver(deps, fakeBatch(kept));
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes).toMatchObject([{ sequence: 1, recipients: [{ state: 'accepted', attempts: 1 }] }]);
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes).toHaveLength(1);
  });

  it('an answer that comes after patience parked its record is kept too, and ends the parked copy', async () => {
    const workers = new TwoWorkers();
    const { parked, answer } = await workers.park(callRecord('1'));
    answer.resolve({ kind: 'accepted', response: '250 2.0.0 Ok' });
    await workers.first.deps.flow.inFlight.drained();
    const kept = retried(workers.first);
    expect([parked.length, kept.length]).toEqual([1, 1]);
    const { deps, seen } = workers.second;
    // In the order of the partition, read only when the lease is long over.
    workers.now += 100_000;
    await deliver(deps, fakeBatch([...parked]));
    await deliver(deps, fakeBatch([...kept]));
    workers.now += 100_000;
    await deliver(deps, fakeBatch(retried(workers.second)));
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes).toMatchObject([{ recipients: [{ state: 'accepted' }] }]);
  });

  it('an answer is read before a copy that has waited for long looks again, however late that topic is read', async () => {
    const workers = new TwoWorkers();
    const { parked, answer } = await workers.park(callRecord('1'));
    // A slow server: the copy has looked for long, and its owner's lease is over.
    workers.now += 150_000;
    answer.resolve({ kind: 'accepted', response: '250 2.0.0 Ok' });
    await workers.first.deps.flow.inFlight.drained();
    const { deps, seen } = workers.second;
    await deliver(deps, fakeBatch(parked));
    const waiting = [...retried(workers.first), ...retried(workers.second)];
    expect(waiting).toHaveLength(2);
    workers.now += 100_000;
    for (const [topic] of NOTICE_LADDER.toReversed()) {
      const records = waiting.filter((record) => record.topic === topic);
      for (const record of records) await deliver(deps, fakeBatch([record]));
    }
    expect(seen.sent).toEqual([]);
    expect(seen.outcomes).toMatchObject([{ recipients: [{ state: 'accepted' }] }]);
  });

  it('an answer waits for Redis or Kafka, whichever takes it first', async () => {
    const workers = new TwoWorkers();
    workers.unanswered.set('record', { times: 6, isCarriedOut: false });
    const deps = withDeps(workers.cutOff, {
      publishing: { retries: { put: () => Promise.reject(kafkaUnavailable()) } },
    });
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(workers.first.seen.outcomes).toMatchObject([{ recipients: [{ state: 'accepted' }] }]);
  });

  it('nothing under way is parked or settled, because its answer could not be written down', async () => {
    const workers = new TwoWorkers();
    const answer = Promise.withResolvers<SendResult>();
    const batch = fakeBatch([callRecord('1')]);
    let looks: number | undefined;
    const breaker: Breaker = {
      ...workers.first.breaker,
      isOpen: () => {
        if (looks === undefined) return false;
        looks += 1;
        if (looks === 2) batch.abort();
        return true;
      },
    };
    const deps = withDeps(workers.first.deps, { flow: { breaker } });
    deps.mailing.sender.send = async (_, beforeData) => {
      await beforeData();
      looks = 0;
      return answer.promise;
    };
    await deliver(deps, batch);
    expect(looks).toBeGreaterThanOrEqual(2);
    expect(batch.offsets).toEqual([]);
    expect(workers.first.seen.retries).toEqual([]);
    answer.resolve({ kind: 'accepted', response: '250 2.0.0 Ok' });
    await deps.flow.inFlight.drained();
    expect(workers.first.seen.outcomes).toMatchObject([{ recipients: [{ state: 'accepted' }] }]);
  });
});

describe('a stall of Redis', () => {
  it.each([true, false])(
    'at the begin of a message costs no lease and no doubt (carried out: %s)',
    async (isCarriedOut) => {
      const workers = new TwoWorkers();
      workers.unanswered.set('dataStarted', { times: 1, isCarriedOut });
      workers.unanswered.set('release', { times: 2, isCarriedOut: false });
      const { seen, breaker } = workers.first;
      const held = fakeBatch([callRecord('1')]);
      await deliver(workers.cutOff, held);
      expect(held.offsets).toEqual([]);
      expect([...seen.sent, ...seen.retries]).toEqual([]);
      breaker.close();
      const again = await workers.ledger.find(...NAME);
      expect(again?.rows).toMatchObject([{ state: 'open', attempts: 0 }]);
      await deliver(workers.cutOff, fakeBatch([callRecord('1')]));
      expect(seen.sent).toHaveLength(1);
      expect(seen.retries).toEqual([]);
      expect(seen.outcomes).toMatchObject([{ recipients: [{ state: 'accepted', attempts: 1 }] }]);
    },
  );

  it('at the claim leaves none behind that nobody knows of', async () => {
    const workers = new TwoWorkers();
    workers.unanswered.set('claim', { times: 2, isCarriedOut: true });
    const { seen, breaker } = workers.first;
    const deps = withDeps(workers.cutOff, {
      flow: { breaker: { ...breaker, redisUnavailable: () => undefined } },
    });
    await deliver(deps, fakeBatch([callRecord('1')]));
    expect(seen.sent).toHaveLength(1);
    expect(seen.retries).toEqual([]);
  });
});

describe('the end of a process while Redis is away', () => {
  it.each(['dataStarted', 'record'] as const)(
    'waits no longer for what %s left to be written down, once nothing may be waited for',
    async (call) => {
      const workers = new TwoWorkers();
      workers.unanswered.set(call, { times: Infinity, isCarriedOut: false });
      workers.unanswered.set('release', { times: Infinity, isCarriedOut: false });
      const ending = new AbortController();
      const isAway = Promise.withResolvers<void>();
      const breaker = {
        ...workers.first.breaker,
        isOpen: () => false,
        redisUnavailable: () => isAway.resolve(),
      };
      const deps = withDeps(workers.cutOff, {
        flow: { ending: ending.signal, breaker },
        publishing: { retries: { put: () => Promise.reject(kafkaUnavailable()) } },
      });
      const batch = fakeBatch([callRecord('1')]);
      const delivering = deliver(deps, batch);
      await isAway.promise;
      batch.abort();
      await delivering;
      expect([deps.flow.inFlight.size, batch.offsets]).toEqual([1, []]);
      ending.abort();
      await deps.flow.inFlight.drained();
      expect(deps.flow.inFlight.size).toBe(0);
    },
  );
});
