import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SendResult } from '#mail';
import { deliver } from './deliver.ts';
import type { LedgerEvent } from './ports.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { fakeBatch, fakeWorld, withDeps, type FakeWorld } from './testing/fakes.ts';
import { AT, callRecord, LINE, numberSettings } from './testing/records.ts';
import { SendLimit } from './send-limit.ts';

const A = 'a@example.jp';
const now = (): number => AT + 20_000;
const IDS = ['2', '3', '4', '5'];

interface Hanging extends FakeWorld {
  /** Resolves when the first mail waits behind its final dot, with the only connection there is. */
  readonly hangs: Promise<void>;
  readonly answer: (result: SendResult) => void;
  /** How many claims are renewed now. */
  readonly renewed: () => number;
}

function hangingWorld(): Hanging {
  const made = fakeWorld(createInMemoryLedger({ now }), {}, now);
  const world = { ...made, deps: withDeps(made.deps, { mailing: { limit: new SendLimit(1, 1) } }) };
  world.numbers.set(LINE, numberSettings(A));
  const answer = Promise.withResolvers<SendResult>();
  const hangs = Promise.withResolvers<void>();
  const { send } = world.deps.mailing.sender;
  let isFirst = true;
  world.deps.mailing.sender.send = async (mail, beforeData) => {
    if (!isFirst) return send(mail, beforeData);
    isFirst = false;
    await beforeData();
    hangs.resolve();
    return answer.promise;
  };
  const live = new Set<unknown>();
  const { hold } = world.deps.flow.claims;
  world.deps.flow.claims.hold = (...given) => {
    const claim = hold.apply(world.deps.flow.claims, given);
    live.add(claim);
    return { begun: () => claim.begun(), end: () => (live.delete(claim), claim.end()) };
  };
  return { ...world, hangs: hangs.promise, answer: answer.resolve, renewed: () => live.size };
}

describe('the limit of mails sent at once', () => {
  it('is two for each connection, and one more for each mail that waits long', () => {
    const limit = new SendLimit(20);
    expect(limit.concurrency).toBe(40);
    limit.setConnections(1);
    limit.setSlowMails(5);
    expect(limit.concurrency).toBe(7);
    limit.setSlowMails(0);
    expect(limit.concurrency).toBe(2);
  });
});

describe('what waits for a turn when its batch ends', () => {
  it('leaves the queue at once, with its claim given back, however often it is read again', async () => {
    const world = hangingWorld();
    const { deps, seen } = world;
    const first = fakeBatch([callRecord('1')]);
    const ofFirst = deliver(deps, first);
    await world.hangs;
    first.abort();
    await ofFirst;
    for (let round = 0; round < 4; round += 1) {
      const batch = fakeBatch(IDS.map((id) => callRecord(id)));
      const queued = deps.mailing.limit.queued + IDS.length;
      const working = deliver(deps, batch);
      while (deps.mailing.limit.queued < queued) await new Promise(setImmediate);
      batch.abort();
      await working;
      expect(batch.offsets).toEqual([]);
      expect([deps.flow.inFlight.size, world.renewed(), seen.retries.length]).toEqual([1, 1, 0]);
    }
    for (const id of IDS) {
      const event = (await deps.stores.ledger.find('switch-1', id))?.event as LedgerEvent;
      const { claims } = await deps.stores.ledger.claim({ event, token: 'another process' });
      expect(claims.get(A)).toEqual({ kind: 'mine', attempt: 1, doubts: 0 });
    }
  });

  it('is sent when it is read again and its turn comes', async () => {
    const world = hangingWorld();
    const { deps, seen } = world;
    const first = fakeBatch([callRecord('1'), callRecord('2')]);
    const working = deliver(deps, first);
    await world.hangs;
    first.abort();
    await working;
    const second = fakeBatch([callRecord('2')]);
    const again = deliver(deps, second);
    world.answer({ kind: 'accepted', response: '250 2.0.0 Ok' });
    await again;
    expect(seen.sent).toHaveLength(1);
    expect(second.offsets).toEqual(['2']);
  });
});

describe('a place in the queue that was left', () => {
  it('holds nothing of its batch until its turn comes', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const limit = new SendLimit(1, 1);
    const blocked = Promise.withResolvers<void>();
    const blocking = limit.run(new AbortController().signal, () => blocked.promise);
    const leave = async (): Promise<WeakRef<object>[]> => {
      const ending = new AbortController();
      const batch = { bytes: Buffer.alloc(1_000) };
      ending.signal.addEventListener('abort', () => void batch.bytes);
      const end = limit.run(ending.signal, async () => batch.bytes.length);
      ending.abort();
      expect(await end).toBe('unused');
      return [new WeakRef(batch), new WeakRef(ending.signal)];
    };
    const left = await leave();
    // What a WeakRef was made for lives as long as the job that made it.
    await new Promise(setImmediate);
    collect();
    expect(left.map((one) => one.deref())).toEqual([undefined, undefined]);
    expect(limit.queued).toBe(1);
    blocked.resolve();
    await blocking;
  });
});
