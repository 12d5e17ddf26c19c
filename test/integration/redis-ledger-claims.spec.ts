import type { LedgerEvent } from '#delivery';
import {
  A,
  accepted,
  anEvent,
  B,
  claiming,
  deferred,
  LEDGERS,
  MINUTE,
  type TimedLedger,
} from './ledger-for-test.ts';

describe.each(LEDGERS)('claims in the ledger %s', (_, open) => {
  let ledger: TimedLedger;
  const { claimOf, foundLapsed } = claiming(() => ledger);

  beforeEach(async () => {
    ledger ??= await open();
    ledger.lasting(true);
  });

  it('gives a new event to the first caller, for every recipient of the decision', async () => {
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

  it('gives the same claim to a repeated command, and to nobody else', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    expect(await claimOf(event, 't')).toEqual({ kind: 'mine', attempt: 1, doubts: 0 });
    const busy = await claimOf(event, 'u');
    expect(busy.kind === 'busy' && busy.until > Date.now() + 300_000).toBe(true);
  });

  it('gives a claim with an expired lease to another caller, because nothing was sent', async () => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    expect(await claimOf(event, 'u')).toEqual({ kind: 'mine', attempt: 1, doubts: 0 });
    await expect(ledger.dataStarted(event, A, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
    await expect(ledger.dataStarted(event, A, 'u')).resolves.toBeUndefined();
  });

  it('lets a message begin after its lease has expired, if nobody else has taken the claim', async () => {
    const event = anEvent();
    ledger.lasting(false);
    await claimOf(event, 't');
    ledger.lasting(true);
    await ledger.dataStarted(event, A, 't');
    expect(await claimOf(event, 'u')).toMatchObject({ kind: 'busy' });
  });

  it('counts a doubt for a message that began and got no answer', async () => {
    const event = anEvent();
    for (const [doubts, token] of ['t', 'u', 'v'].entries()) {
      if (doubts > 0) await foundLapsed(event);
      expect(await claimOf(event, token)).toEqual({ kind: 'mine', attempt: 1, doubts });
      ledger.lasting(false);
      await ledger.dataStarted(event, A, token);
      ledger.lasting(true);
    }
  });

  it('still knows that our own message has begun when the claim is repeated', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.dataStarted(event, A, 't');
    ledger.lasting(false);
    await claimOf(event, 't');
    expect(await claimOf(event, 'u')).toMatchObject({ kind: 'busy' });
  });

  it('takes back a released claim, with or without a doubt', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.release(event, A, 't', false);
    expect(await claimOf(event, 'u')).toEqual({ kind: 'mine', attempt: 1, doubts: 0 });
    await ledger.release(event, A, 'u', true);
    await ledger.release(event, A, 'u', true);
    expect(await claimOf(event, 'v')).toEqual({ kind: 'mine', attempt: 1, doubts: 1 });
  });

  it('does not let anybody but its owner release a claim', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.release(event, A, 'u', true);
    await ledger.dataStarted(event, A, 't');
    expect(await claimOf(event, 'v')).toMatchObject({ kind: 'busy' });
  });

  it('never claims an answered recipient', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.record(event, A, 't', accepted);
    expect(await claimOf(event, 'u')).toEqual({ kind: 'done' });
    expect(await claimOf(event, 'u', A, 1)).toEqual({ kind: 'done' });
    await expect(ledger.dataStarted(event, A, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
  });

  it('gives a deferred recipient only to its retry record, not to a stale copy of one', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.record(event, A, 't', deferred);
    expect(await claimOf(event, 'u')).toEqual({ kind: 'done' });
    expect(await claimOf(event, 'u', A, 0)).toEqual({ kind: 'done' });
    expect(await claimOf(event, 'u', A, 1)).toEqual({ kind: 'mine', attempt: 2, doubts: 0 });
    expect(await claimOf(event, 'v', A, 1)).toMatchObject({ kind: 'busy' });
    expect(await claimOf(event, 'v')).toEqual({ kind: 'done' });
  });

  it('gives a claim for a recipient that a retry record names and the decision does not', async () => {
    const event = anEvent([A]);
    expect(await claimOf(event, 't', B, 3)).toEqual({ kind: 'mine', attempt: 4, doubts: 0 });
  });

  it('keeps a claim that its owner renews, begun or not, and that nobody else can renew', async () => {
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

  /** The time left until others can take the claim. */
  const leaseOf = async (event: LedgerEvent): Promise<number> => {
    const claim = await claimOf(event, 'w', A, 3);
    return claim.kind === 'busy' ? claim.until - Date.now() : 0;
  };

  it.each([
    ['has not begun', false, 0, 15 * MINUTE],
    ['has begun', true, 15 * MINUTE, 35 * MINUTE],
  ])('renews a claim whose message %s by the lease for that state', async (_state, hasBegun, least, most) => {
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
    'reports a claim as lapsed once more after its owner %s, though it was found lapsed before',
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

  it('leaves a lapsed claim for a while to its owner, or to whoever records its answer', async () => {
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

  it('renews neither a claim that was taken while its owner was frozen nor an answered one', async () => {
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
});
