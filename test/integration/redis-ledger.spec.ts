import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  createInMemoryLedger,
  RECIPIENT_STATES,
  type Answer,
  type Claim,
  type Ledger,
  type LedgerEvent,
  type LedgerTable,
} from '#delivery';
import { createLedger } from '#redis';
import { keysOf, openRedis } from './redis-for-test.ts';

/** A ledger whose next claims live long, or are over as soon as they are made. */
interface TimedLedger extends Ledger {
  lasting(isLasting: boolean): void;
}

interface Times {
  leaseMs: number;
  dataTimeoutMs: number;
}

const MINUTE = 60_000;

function timed(create: (times: Times) => Ledger): TimedLedger {
  const times: Times = { leaseMs: 0, dataTimeoutMs: 0 };
  const lasting = (isLasting: boolean): void => {
    times.leaseMs = isLasting ? 10 * MINUTE : 0;
    times.dataTimeoutMs = isLasting ? 30 * MINUTE : 0;
  };
  lasting(true);
  return { ...create(times), lasting };
}

const realLedger = async (): Promise<TimedLedger> => {
  // What is asked in what order matters here, not how long a busy machine takes for it.
  const redis = await openRedis({ commandTimeoutMs: 10_000 });
  return timed((times) => createLedger(redis, times));
};

function anEvent(recipients: readonly string[] = ['a@example.jp']): LedgerEvent {
  const at = Date.now();
  return {
    source: '/switch',
    id: randomUUID(),
    kind: 'call',
    number: '0312345679',
    lineNumber: '0312345678',
    brand: 'ntt-east',
    at,
    deadline: at + 60_000,
    reason: 'notify',
    recipients,
  };
}

const A = 'a@example.jp';
const B = 'b@example.jp';
const accepted: Answer = { state: 'accepted', attempts: 1, response: '250 2.0.0 Ok' };
const deferred: Answer = {
  state: 'deferred',
  attempts: 1,
  response: '451 4.7.1 Later',
  notBefore: 1_900_000_000_000,
  retryTopic: 'notify-retry-10s',
};

const implementations: [string, () => Promise<TimedLedger>][] = [
  ['in memory', async () => timed((times) => createInMemoryLedger(times))],
  ['in Redis', realLedger],
];

describe.each(implementations)('the ledger %s', (_, open) => {
  let ledger: TimedLedger;

  beforeEach(async () => {
    ledger ??= await open();
    ledger.lasting(true);
  });

  const claimOf = async (
    event: LedgerEvent,
    token: string,
    address?: string,
    attempts?: number,
  ): Promise<Claim> => {
    const { claims } = await ledger.claim({
      event,
      token,
      ...(address === undefined ? {} : { address }),
      ...(attempts === undefined ? {} : { attempts }),
    });
    const claim = claims.get(address ?? A);
    if (!claim) throw new Error('no claim for the recipient asked for');
    return claim;
  };

  /** Somebody looks first at a claim that ended behind the begin of its message, and leaves it. */
  const foundLapsed = async (event: LedgerEvent): Promise<void> => {
    ledger.lasting(false);
    expect(await claimOf(event, 'w', A, 3)).toEqual({ kind: 'lapsed' });
    ledger.lasting(true);
  };

  it('gives a new event to the first who asks, for every recipient of its decision', async () => {
    const event = anEvent([A, B]);
    const { table, claims } = await ledger.claim({ event, token: 't' });
    expect(table).toEqual({
      event,
      sequence: 0,
      rows: [A, B].map((address) => ({ address, state: 'open', attempts: 0, response: '', settled: false })),
    });
    expect([...claims]).toEqual([A, B].map((address) => [address, { kind: 'mine', attempt: 1, doubts: 0 }]));
  });

  it('keeps the first decision of an event', async () => {
    const event = anEvent([A]);
    await ledger.claim({ event, token: 't' });
    const { table, claims } = await ledger.claim({ event: { ...event, recipients: [B], at: 1 }, token: 'u' });
    expect(table.event).toEqual(event);
    expect([...claims.keys()]).toEqual([A]);
  });

  it('gives the same claim to a repeated command, and nobody else', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    expect(await claimOf(event, 't')).toEqual({ kind: 'mine', attempt: 1, doubts: 0 });
    const busy = await claimOf(event, 'u');
    expect(busy.kind === 'busy' && busy.until > Date.now() + 300_000).toBe(true);
  });

  it('lets a claim be stolen whose lease is over, because nothing was sent', async () => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    expect(await claimOf(event, 'u')).toEqual({ kind: 'mine', attempt: 1, doubts: 0 });
    await expect(ledger.dataStarted(event, A, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
    await expect(ledger.dataStarted(event, A, 'u')).resolves.toBeUndefined();
  });

  it('lets a message begin although its lease is over, when nobody took the claim', async () => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    ledger.lasting(true);
    await ledger.dataStarted(event, A, 't');
    expect(await claimOf(event, 'u')).toMatchObject({ kind: 'busy' });
  });

  it('counts a doubt for a message that began and brought no answer', async () => {
    const event = anEvent();
    for (const [doubts, token] of ['t', 'u', 'v'].entries()) {
      if (doubts > 0) await foundLapsed(event);
      expect(await claimOf(event, token)).toEqual({ kind: 'mine', attempt: 1, doubts });
      ledger.lasting(false);
      await ledger.dataStarted(event, A, token);
      ledger.lasting(true);
    }
  });

  it('does not forget that our own message began when the claim is repeated', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.dataStarted(event, A, 't');
    ledger.lasting(false);
    await claimOf(event, 't');
    expect(await claimOf(event, 'u')).toMatchObject({ kind: 'busy' });
  });

  it('takes a claim back unused, with or without a doubt', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.release(event, A, 't', false);
    expect(await claimOf(event, 'u')).toEqual({ kind: 'mine', attempt: 1, doubts: 0 });
    await ledger.release(event, A, 'u', true);
    await ledger.release(event, A, 'u', true);
    expect(await claimOf(event, 'v')).toEqual({ kind: 'mine', attempt: 1, doubts: 1 });
  });

  it('does not let a stranger release a claim', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.release(event, A, 'u', true);
    await ledger.dataStarted(event, A, 't');
    expect(await claimOf(event, 'v')).toMatchObject({ kind: 'busy' });
  });

  it('never claims what is answered', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.record(event, A, 't', accepted);
    expect(await claimOf(event, 'u')).toEqual({ kind: 'done' });
    expect(await claimOf(event, 'u', A, 1)).toEqual({ kind: 'done' });
    await expect(ledger.dataStarted(event, A, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
  });

  it('gives what waits to its retry record only, and not to a stale copy of one', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.record(event, A, 't', deferred);
    expect(await claimOf(event, 'u')).toEqual({ kind: 'done' });
    expect(await claimOf(event, 'u', A, 0)).toEqual({ kind: 'done' });
    expect(await claimOf(event, 'u', A, 1)).toEqual({ kind: 'mine', attempt: 2, doubts: 0 });
    expect(await claimOf(event, 'v', A, 1)).toMatchObject({ kind: 'busy' });
    expect(await claimOf(event, 'v')).toEqual({ kind: 'done' });
  });

  it('never counts fewer attempts than before', async () => {
    const event = anEvent();
    await claimOf(event, 't', A, 3);
    const table = await ledger.record(event, A, 't', accepted);
    expect(table.rows[0]).toMatchObject({ state: 'accepted', attempts: 3 });
    expect(await ledger.find(event.source, event.id)).toEqual(table);
  });

  it('numbers the outcome when every recipient has its first answer, and anew when it changes', async () => {
    const event = anEvent([A, B]);
    await ledger.claim({ event, token: 't' });
    expect((await ledger.record(event, A, 't', deferred)).sequence).toBe(0);
    expect((await ledger.record(event, B, 't', accepted)).sequence).toBe(1);
    expect((await ledger.record(event, B, 't', accepted)).sequence).toBe(1);
    await claimOf(event, 'u', A, 1);
    expect((await ledger.record(event, A, 'u', { ...accepted, attempts: 2 })).sequence).toBe(2);
  });

  it('does not number an answer that says the same again', async () => {
    const event = anEvent();
    await ledger.record(event, A, 't', deferred);
    await claimOf(event, 'u', A, 1);
    expect((await ledger.record(event, A, 'u', deferred)).sequence).toBe(1);
  });

  it('never overwrites accepted, and accepts from whoever lost the claim', async () => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    await claimOf(event, 'u');
    const bounced: Answer = { state: 'bounced', attempts: 1, response: '550 5.1.1 Unknown' };
    expect((await ledger.record(event, A, 'u', bounced)).rows[0]).toMatchObject({ state: 'bounced' });
    expect((await ledger.record(event, A, 't', accepted)).rows[0]).toMatchObject({ state: 'accepted' });
    expect((await ledger.record(event, A, 'u', bounced)).rows[0]).toMatchObject({ state: 'accepted' });
  });

  it('does not let an old deferral overwrite a newer answer or a live claim', async () => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    ledger.lasting(true);
    await claimOf(event, 'u');
    expect((await ledger.record(event, A, 't', deferred)).rows[0]).toMatchObject({ state: 'open' });
    await ledger.record(event, A, 'u', { ...deferred, response: 'newer' });
    expect((await ledger.record(event, A, 't', deferred)).rows[0]).toMatchObject({ response: 'newer' });
  });

  it('writes an answer to an event that it has never seen', async () => {
    const event = anEvent([A, B]);
    const table = await ledger.record(event, A, 't', accepted);
    expect(table.rows.map(({ state }) => state)).toEqual(['accepted', 'open']);
    expect(await ledger.find(event.source, event.id)).toEqual(table);
  });

  it('owes a mail to whom a retry record names, though the decision does not', async () => {
    const event = anEvent([A]);
    expect(await claimOf(event, 't', B, 3)).toEqual({ kind: 'mine', attempt: 4, doubts: 0 });
  });

  it('settles the rows that are still as they were published, until they change', async () => {
    const event = anEvent([A, B]);
    await ledger.claim({ event, token: 't' });
    const published = await ledger.record(event, A, 't', deferred);
    await ledger.settle(published);
    expect((await ledger.find(event.source, event.id))?.rows.map(({ settled }) => settled)).toEqual([
      true,
      false,
    ]);
    await claimOf(event, 'u', A, 1);
    await ledger.record(event, A, 'u', { ...accepted, attempts: 2 });
    await ledger.settle(published);
    expect((await ledger.find(event.source, event.id))?.rows.map(({ settled }) => settled)).toEqual([
      false,
      false,
    ]);
  });

  it('R4 supersedes what waits, but not what was sent or is being sent', async () => {
    const C = 'c@example.jp';
    const D = 'd@example.jp';
    const event = anEvent([A, B, C, D]);
    await ledger.claim({ event, token: 't' });
    await ledger.record(event, A, 't', accepted);
    await ledger.record(event, B, 't', deferred);
    await ledger.dataStarted(event, C, 't');
    const table = await ledger.supersede(event.source, event.id);
    expect(table?.rows.map(({ state }) => state)).toEqual(['accepted', 'superseded', 'open', 'superseded']);
    await expect(ledger.dataStarted(event, D, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
    expect(await claimOf(event, 'u', B, 1)).toEqual({ kind: 'done' });
  });

  describe('R4 when its news was told while its message was under way', () => {
    const underWay = async (): Promise<LedgerEvent> => {
      const event = anEvent();
      await ledger.claim({ event, token: 't' });
      await ledger.dataStarted(event, A, 't');
      await ledger.supersede(event.source, event.id);
      return event;
    };
    const stateOf = async ({ source, id }: LedgerEvent): Promise<string | undefined> =>
      (await ledger.find(source, id))?.rows[0]?.state;

    it.each([false, true])('is superseded when it is released (in doubt: %s)', async (doubt) => {
      const event = await underWay();
      expect(await stateOf(event)).toBe('open');
      await ledger.release(event, A, 't', doubt);
      expect(await ledger.find(event.source, event.id)).toMatchObject({
        sequence: 1,
        rows: [{ state: 'superseded', settled: false }],
      });
      expect(await claimOf(event, 'u', A, 0)).toEqual({ kind: 'done' });
    });

    it('is superseded by a refusal for now, which counts as an attempt', async () => {
      const event = await underWay();
      const table = await ledger.record(event, A, 't', deferred);
      const row = {
        address: A,
        state: 'superseded',
        attempts: 1,
        response: '451 4.7.1 Later',
        settled: false,
      };
      expect(table).toMatchObject({ sequence: 1, rows: [row] });
      expect(table.rows).toEqual([row]);
      expect(await claimOf(event, 'u', A, 1)).toEqual({ kind: 'done' });
    });

    it('is superseded when the lease ends', async () => {
      const event = await underWay();
      expect(await claimOf(event, 'u', A, 0)).toMatchObject({ kind: 'busy' });
      ledger.lasting(false);
      await ledger.renew(event, A, 't');
      expect(await claimOf(event, 'u', A, 0)).toEqual({ kind: 'done' });
      expect(await stateOf(event)).toBe('superseded');
    });

    it('is superseded at once when the lease had ended before', async () => {
      const event = anEvent();
      await ledger.claim({ event, token: 't' });
      ledger.lasting(false);
      await ledger.dataStarted(event, A, 't');
      await ledger.supersede(event.source, event.id);
      expect(await stateOf(event)).toBe('superseded');
    });

    it('is superseded when its message is about to leave after all, and must not leave', async () => {
      const event = await underWay();
      await expect(ledger.dataStarted(event, A, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
      expect(await ledger.find(event.source, event.id)).toMatchObject({
        sequence: 1,
        rows: [{ state: 'superseded', attempts: 0, settled: false }],
      });
      expect(await ledger.renew(event, A, 't')).toBe(false);
      expect(await claimOf(event, 'u', A, 0)).toEqual({ kind: 'done' });
    });

    it.each(['accepted', 'bounced'] as const)('keeps the answer %s', async (state) => {
      const event = await underWay();
      await ledger.record(event, A, 't', { state, attempts: 1, response: 'x' });
      expect(await stateOf(event)).toBe(state);
    });
  });

  describe('R4 when its news was told before anybody claimed it', () => {
    const told = async (): Promise<LedgerEvent> => {
      const event = anEvent([A, B]);
      expect(await ledger.supersede(event.source, event.id)).toBeUndefined();
      expect(await ledger.find(event.source, event.id)).toBeUndefined();
      return event;
    };
    const superseded = (address: string) => ({
      address,
      state: 'superseded',
      attempts: 0,
      response: '',
      settled: false,
    });

    it.each(['delivered', 'replayed'])('is superseded as soon as it is %s', async (how) => {
      const event = await told();
      if (how === 'replayed') await ledger.reopen(event.source, event.id, 'x');
      const { table, claims } = await ledger.claim({ event, token: 't' });
      expect([...claims]).toEqual([A, B].map((address) => [address, { kind: 'done' }]));
      expect(table).toEqual({ event, sequence: 1, rows: [A, B].map(superseded) });
      expect(await ledger.find(event.source, event.id)).toEqual(table);
      await ledger.settle(table);
      expect(await ledger.supersede(event.source, event.id)).toMatchObject({
        sequence: 1,
        rows: [{ settled: true }, { settled: true }],
      });
      await expect(ledger.dataStarted(event, A, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
    });

    it('owes nothing to whom a retry record names, either', async () => {
      const event = await told();
      const C = 'c@example.jp';
      expect(await claimOf(event, 't', C, 1)).toEqual({ kind: 'done' });
      const table = await ledger.find(event.source, event.id);
      expect(table?.rows.map(({ state }) => state)).toEqual(['superseded', 'superseded', 'superseded']);
    });

    it('keeps an answer that says that it arrived', async () => {
      const event = await told();
      expect((await ledger.record(event, A, 't', deferred)).rows).toEqual([A, B].map(superseded));
      const table = await ledger.record(event, B, 't', accepted);
      expect(table.rows.map(({ state }) => state)).toEqual(['superseded', 'accepted']);
    });
  });

  it('keeps a claim that its owner renews, begun or not, and nobody else can renew', async () => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    ledger.lasting(true);
    expect(await ledger.renew(event, A, 'u')).toBe(false);
    expect(await ledger.renew(event, A, 't')).toBe(true);
    expect(await claimOf(event, 'u')).toMatchObject({ kind: 'busy' });
    ledger.lasting(false);
    await ledger.dataStarted(event, A, 't');
    ledger.lasting(true);
    await ledger.renew(event, A, 't');
    expect(await claimOf(event, 'u')).toMatchObject({ kind: 'busy' });
  });

  /** For how long from now nobody else gets it. */
  const leaseOf = async (event: LedgerEvent): Promise<number> => {
    const claim = await claimOf(event, 'w', A, 3);
    return claim.kind === 'busy' ? claim.until - Date.now() : 0;
  };

  it.each([
    ['has not begun', false, 0, 15 * MINUTE],
    ['has begun', true, 15 * MINUTE, 35 * MINUTE],
  ])('renews what %s by a lease of its own', async (_state, hasBegun, least, most) => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    if (hasBegun) await ledger.dataStarted(event, A, 't');
    ledger.lasting(true);
    expect(await ledger.renew(event, A, 't')).toBe(true);
    const lease = await leaseOf(event);
    expect(lease).toBeGreaterThan(least);
    expect(lease).toBeLessThan(most);
  });

  it.each(['renews it', 'lets its message begin'] as const)(
    'leaves a claim at the first look after its owner %s, though it was found lapsed before',
    async (how) => {
      const event = anEvent();
      await claimOf(event, 't');
      ledger.lasting(false);
      await ledger.dataStarted(event, A, 't');
      await foundLapsed(event);
      ledger.lasting(false);
      if (how === 'renews it') await ledger.renew(event, A, 't');
      else await ledger.dataStarted(event, A, 't');
      expect(await claimOf(event, 'u')).toEqual({ kind: 'lapsed' });
      expect(await claimOf(event, 'u')).toEqual({ kind: 'mine', attempt: 1, doubts: 1 });
    },
  );

  it('leaves a lapsed message for a while to whoever brings its answer, and to its owner', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    ledger.lasting(false);
    await ledger.dataStarted(event, A, 't');
    ledger.lasting(true);
    expect(await claimOf(event, 'u')).toEqual({ kind: 'lapsed' });
    expect(await claimOf(event, 'v')).toMatchObject({ kind: 'busy' });
    expect(await ledger.renew(event, A, 't')).toBe(true);
    expect((await ledger.record(event, A, 't', accepted)).rows[0]).toMatchObject({ state: 'accepted' });
  });

  it('does not renew what somebody took while its owner was frozen, nor what was answered', async () => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    ledger.lasting(true);
    await claimOf(event, 'u');
    expect(await ledger.renew(event, A, 't')).toBe(false);
    await expect(ledger.dataStarted(event, A, 'u')).resolves.toBeUndefined();
    await ledger.record(event, A, 'u', accepted);
    expect(await ledger.renew(event, A, 'u')).toBe(false);
  });

  describe('reopened by the replay of a dead letter', () => {
    const inDoubt: Answer = { state: 'in-doubt', attempts: 0, response: 'no answer' };
    const bug: Answer = { state: 'bounced', attempts: 0, response: 'not sent', deadLetter: true };
    const reopened = async (event: LedgerEvent, deadLetterId: string): Promise<LedgerTable | undefined> => {
      await ledger.reopen(event.source, event.id, deadLetterId);
      return ledger.find(event.source, event.id);
    };

    it('owes again what was in doubt, met a bug or waits; not what was accepted or refused', async () => {
      const [C, D, E] = ['c@example.jp', 'd@example.jp', 'e@example.jp'];
      const event = anEvent([A, B, C!, D!, E!]);
      await ledger.claim({ event, token: 't' });
      await ledger.record(event, A, 't', inDoubt);
      await ledger.record(event, B, 't', bug);
      await ledger.record(event, C!, 't', deferred);
      await ledger.record(event, D!, 't', accepted);
      const refused: Answer = { state: 'bounced', attempts: 1, response: '550 5.1.1 Unknown' };
      const before = await ledger.record(event, E!, 't', refused);
      const table = await reopened(event, 'x');
      expect(table?.rows.map(({ state }) => state)).toEqual(['open', 'open', 'open', 'accepted', 'bounced']);
      expect(table?.rows[2]).toMatchObject({ attempts: 1 });
      expect(table?.sequence).toBe(before.sequence);
      expect(table?.rows[1]).not.toHaveProperty('deadLetter');
      expect(await claimOf(event, 'u')).toEqual({ kind: 'mine', attempt: 1, doubts: 0 });
    });

    it('raises the outcome with the next answer', async () => {
      const event = anEvent();
      await ledger.claim({ event, token: 't' });
      const { sequence } = await ledger.record(event, A, 't', inDoubt);
      await reopened(event, 'x');
      await ledger.claim({ event, token: 'u' });
      expect((await ledger.record(event, A, 'u', accepted)).sequence).toBe(sequence + 1);
      expect((await reopened(event, 'y'))?.rows[0]?.state).toBe('accepted');
    });

    it('R4 stays as it is when the recovery has told its news', async () => {
      const event = anEvent([A, B]);
      await ledger.claim({ event, token: 't' });
      await ledger.record(event, A, 't', inDoubt);
      await ledger.record(event, B, 't', deferred);
      await ledger.supersede(event.source, event.id);
      const table = await reopened(event, 'x');
      expect(table?.rows.map(({ state }) => state)).toEqual(['in-doubt', 'superseded']);
    });

    it('is begun without doubts', async () => {
      const event = anEvent();
      await claimOf(event, 't');
      await ledger.release(event, A, 't', true);
      await claimOf(event, 'u');
      await ledger.record(event, A, 'u', inDoubt);
      await reopened(event, 'x');
      expect(await claimOf(event, 'v')).toMatchObject({ kind: 'mine', doubts: 0 });
    });

    it('happens once for a dead letter, and again for the next one', async () => {
      const event = anEvent();
      await ledger.claim({ event, token: 't' });
      await ledger.record(event, A, 't', inDoubt);
      await reopened(event, 'x');
      await claimOf(event, 'u');
      await ledger.record(event, A, 'u', { ...inDoubt, response: 'again' });
      expect((await reopened(event, 'x'))?.rows[0]?.state).toBe('in-doubt');
      expect((await reopened(event, 'y'))?.rows[0]?.state).toBe('open');
    });

    it('does not touch what is being sent, nor forgets that the message of a retry began', async () => {
      const event = anEvent();
      await claimOf(event, 't');
      await ledger.record(event, A, 't', deferred);
      await claimOf(event, 'u', A, 1);
      await ledger.dataStarted(event, A, 'u');
      expect((await reopened(event, 'x'))?.rows[0]?.state).toBe('deferred');
      ledger.lasting(false);
      await ledger.dataStarted(event, A, 'u');
      expect((await reopened(event, 'x'))?.rows[0]?.state).toBe('open');
      await foundLapsed(event);
      expect(await claimOf(event, 'v')).toMatchObject({ kind: 'mine', doubts: 1 });
    });
  });

  it('says so when it knows nothing of an event', async () => {
    const event = anEvent();
    expect(await ledger.find(event.source, event.id)).toBeUndefined();
    expect(await ledger.supersede(event.source, event.id)).toBeUndefined();
    await ledger.settle({ event, sequence: 1, rows: [] });
    await ledger.reopen(event.source, event.id, 'x');
    await ledger.release(event, A, 't', true);
    expect(await ledger.renew(event, A, 't')).toBe(false);
    await expect(ledger.dataStarted(event, A, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
    expect(await ledger.find(event.source, event.id)).toBeUndefined();
  });
});

const token = fc.constantFrom('t', 'u', 'v');
const address = fc.constantFrom(A, B);
const answer: fc.Arbitrary<Answer> = fc
  .record({
    state: fc.constantFrom(...RECIPIENT_STATES),
    attempts: fc.integer({ min: 0, max: 3 }),
    response: fc.constantFrom('', '250 Ok', '451 後で'),
    isDead: fc.boolean(),
  })
  .map(({ isDead, ...base }) => ({
    ...(base.state === 'deferred' ? deferred : {}),
    ...base,
    ...(isDead ? { deadLetter: true as const } : {}),
  }));

type Call = (ledger: TimedLedger, event: LedgerEvent, last: LedgerTable | undefined) => Promise<unknown>;

const call: fc.Arbitrary<[string, Call]> = fc.oneof(
  fc
    .boolean()
    .map((isLasting): [string, Call] => [
      `lasting ${isLasting}`,
      async (ledger) => ledger.lasting(isLasting),
    ]),
  token.map((t): [string, Call] => [`claim ${t}`, (ledger, event) => ledger.claim({ event, token: t })]),
  fc
    .tuple(token, address, fc.integer({ min: 0, max: 3 }))
    .map(([t, to, attempts]): [string, Call] => [
      `retry ${t} ${to} ${attempts}`,
      (ledger, event) => ledger.claim({ event, token: t, address: to, attempts }),
    ]),
  fc
    .tuple(token, address)
    .map(([t, to]): [string, Call] => [
      `data ${t} ${to}`,
      (ledger, event) => ledger.dataStarted(event, to, t),
    ]),
  fc
    .tuple(token, address)
    .map(([t, to]): [string, Call] => [`renew ${t} ${to}`, (ledger, event) => ledger.renew(event, to, t)]),
  fc
    .tuple(token, address, fc.boolean())
    .map(([t, to, doubt]): [string, Call] => [
      `release ${t} ${to} ${doubt}`,
      (ledger, event) => ledger.release(event, to, t, doubt),
    ]),
  fc
    .tuple(token, address, answer)
    .map(([t, to, given]): [string, Call] => [
      `record ${t} ${to} ${given.state} ${given.attempts} ${given.response}`,
      (ledger, event) => ledger.record(event, to, t, given),
    ]),
  fc.constant<[string, Call]>(['settle', async (ledger, _, last) => last && ledger.settle(last)]),
  fc
    .constantFrom('x', 'y')
    .map((id): [string, Call] => [
      `reopen ${id}`,
      (ledger, event) => ledger.reopen(event.source, event.id, id),
    ]),
  fc.constant<[string, Call]>(['supersede', (ledger, event) => ledger.supersede(event.source, event.id)]),
  fc.constant<[string, Call]>(['find', (ledger, event) => ledger.find(event.source, event.id)]),
);

/** What is seldom drawn by chance: a message under way when the news of its event is told, or news of an event unclaimed. */
const beginning = fc.subarray<[string, Call]>([
  ['claim t', (ledger, event) => ledger.claim({ event, token: 't' })],
  [`data t ${A}`, (ledger, event) => ledger.dataStarted(event, A, 't')],
  ['supersede', (ledger, event) => ledger.supersede(event.source, event.id)],
]);

/** What a call came to; the two clocks differ, so a claim's end is left out. */
async function outcomeOf(run: Promise<unknown>): Promise<unknown> {
  try {
    const result = await run;
    if (typeof result !== 'object' || result === null || !('claims' in result)) return result;
    const claims = result.claims as ReadonlyMap<string, Claim>;
    const kinds = [...claims].map(([to, claim]) => [to, claim.kind === 'busy' ? 'busy' : claim]);
    return { ...result, claims: kinds };
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the ledger in Redis', () => {
  it('does what the reference does, whatever is asked in whatever order', async () => {
    const real = await realLedger();
    const run = async (recipients: readonly string[], calls: readonly [string, Call][]): Promise<void> => {
      const reference = timed((times) => createInMemoryLedger(times));
      const event = anEvent(recipients);
      let last: LedgerTable | undefined;
      real.lasting(true);
      for (const [, perform] of calls) {
        const before = last;
        const expected = await outcomeOf(perform(reference, event, before));
        expect(await outcomeOf(perform(real, event, before))).toEqual(expected);
        last = (await reference.find(event.source, event.id)) ?? last;
      }
    };
    const recipients = fc.constantFrom([A], [A, B]);
    const calls = fc
      .tuple(beginning, fc.array(call, { maxLength: 40, size: 'max' }))
      .map(([first, others]) => [...first, ...others]);
    await fc.assert(fc.asyncProperty(recipients, calls, run), { numRuns: 200 });
  }, 60_000);

  it('answers each of many calls that travel together, in the order in which they were made', async () => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const events = Array.from({ length: 300 }, () => anEvent());
    const tables = await Promise.all(
      events.map(async (event) => {
        const [claimed, , recorded, , found] = await Promise.all([
          ledger.claim({ event, token: event.id }),
          ledger.dataStarted(event, A, event.id),
          ledger.record(event, A, event.id, { ...accepted, response: event.id }),
          ledger.settle({ event, sequence: 1, rows: [{ ...accepted, address: A, settled: false }] }),
          ledger.find(event.source, event.id),
        ]);
        return { claimed, recorded, found };
      }),
    );
    for (const [index, { claimed, recorded, found }] of tables.entries()) {
      const event = events[index]!;
      const row = { ...accepted, address: A, response: event.id };
      expect(claimed.table.event).toEqual(event);
      expect(recorded).toEqual({ event, sequence: 1, rows: [{ ...row, settled: false }] });
      expect(found).toEqual({ event, sequence: 1, rows: [{ ...row, settled: true }] });
    }
  });

  it('refuses a foreign value under a key without keeping the others from their answers', async () => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const [broken, whole] = [anEvent(), anEvent()];
    await ledger.claim({ event: broken, token: 't' });
    const [{ key, node }] = (await keysOf(redis)) as [{ key: string; node: typeof redis.client }];
    await node.set(key, 'no entry');
    const [first, second, third] = await Promise.allSettled([
      ledger.claim({ event: whole, token: 't' }),
      ledger.find(broken.source, broken.id),
      ledger.dataStarted(whole, A, 't'),
    ]);
    expect([first.status, third.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'REDIS_REFUSED' } });
    await node.del(key);
    await node.lpush(key, 'no string');
    await expect(ledger.find(broken.source, broken.id)).rejects.toMatchObject({ code: 'REDIS_REFUSED' });
  });

  it('gives one event to one of many who ask at once', async () => {
    const ledger = await realLedger();
    const event = anEvent();
    const asked = await Promise.all(
      Array.from({ length: 100 }, (_, index) => ledger.claim({ event, token: String(index) })),
    );
    expect(asked.filter(({ claims }) => claims.get(A)?.kind === 'mine')).toHaveLength(1);
  });

  it('forgets an event a day after its deadline, however often it is changed', async () => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const event = anEvent();
    await ledger.claim({ event, token: 't' });
    await ledger.record(event, A, 't', accepted);
    const kept = await keysOf(redis);
    expect(kept).toHaveLength(1);
    expect(await kept[0]!.node.pexpiretime(kept[0]!.key)).toBe(event.deadline + 24 * 3_600_000);
  });

  it.each(['claimed', 'answered'])('keeps an event %s whose deadline is never for nine days', async (how) => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const event = { ...anEvent(), deadline: Date.parse('9999-12-31T23:59:59Z') };
    if (how === 'claimed') await ledger.claim({ event, token: 't' });
    else await ledger.record(event, A, 't', accepted);
    const [{ key, node } = { key: '', node: redis.client }] = await keysOf(redis);
    const days = (await node.pttl(key)) / (24 * 3_600_000);
    expect(days).toBeGreaterThan(8);
    expect(days).toBeLessThanOrEqual(9);
  });

  it('R4 remembers for nine days that the news of an event nobody claimed was told', async () => {
    const redis = await openRedis();
    const ledger = createLedger(redis);
    const event = anEvent();
    await ledger.supersede(event.source, event.id);
    const [{ key, node } = { key: '', node: redis.client }] = await keysOf(redis);
    const days = (await node.pttl(key)) / (24 * 3_600_000);
    expect(days).toBeGreaterThan(8);
    expect(days).toBeLessThanOrEqual(9);
    await ledger.claim({ event, token: 't' });
    expect(await node.pexpiretime(key)).toBe(event.deadline + 24 * 3_600_000);
  });

  it('finds its own claims again when connections die and commands are sent twice', async () => {
    // Thousands at once, each on disk before its answer, take longer than a delivery would wait.
    const redis = await openRedis({ commandTimeoutMs: 10_000 });
    const killer = await openRedis();
    const ledger = createLedger(redis);
    const id = await redis.client.client('ID');
    const events = Array.from({ length: 2_000 }, () => anEvent());
    const claiming = events.map((event) =>
      ledger.claim({ event, token: event.id }).catch((error: unknown) => error),
    );
    await killer.client.client('KILL', 'ID', String(id));
    const first = await Promise.all(claiming);
    for (const failure of first.filter((one) => one instanceof Error)) {
      expect(failure).toMatchObject({ code: 'REDIS_UNAVAILABLE', retryable: true });
    }
    await redis.ready(10_000);
    const second = await Promise.all(events.map((event) => ledger.claim({ event, token: event.id })));
    expect(second.every(({ claims }) => claims.get(A)?.kind === 'mine')).toBe(true);
  });
});
