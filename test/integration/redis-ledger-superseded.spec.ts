import type { LedgerEvent } from '#delivery';
import { A, accepted, anEvent, B, claiming, deferred, LEDGERS, type TimedLedger } from './ledger-for-test.ts';

describe.each(LEDGERS)('superseded notices in the ledger %s', (_, open) => {
  let ledger: TimedLedger;
  const { claimOf } = claiming(() => ledger);

  beforeEach(async () => {
    ledger ??= await open();
    ledger.lasting(true);
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

  describe('R4 a notice superseded while its message is being sent', () => {
    const underWay = async (): Promise<LedgerEvent> => {
      const event = anEvent();
      await ledger.claim({ event, token: 't' });
      await ledger.dataStarted(event, A, 't');
      await ledger.supersede(event.source, event.id);
      return event;
    };
    const stateOf = async ({ source, id }: LedgerEvent): Promise<string | undefined> =>
      (await ledger.find(source, id))?.rows[0]?.state;

    it.each([false, true])('ends as superseded when its claim is released (in doubt: %s)', async (doubt) => {
      const event = await underWay();
      expect(await stateOf(event)).toBe('open');
      await ledger.release(event, A, 't', doubt);
      expect(await ledger.find(event.source, event.id)).toMatchObject({
        sequence: 1,
        rows: [{ state: 'superseded', settled: false }],
      });
      expect(await claimOf(event, 'u', A, 0)).toEqual({ kind: 'done' });
    });

    it('ends as superseded after a refusal for now, which counts as an attempt', async () => {
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

    it('ends as superseded when the lease expires', async () => {
      const event = await underWay();
      expect(await claimOf(event, 'u', A, 0)).toMatchObject({ kind: 'busy' });
      ledger.lasting(false);
      await ledger.renew(event, A, 't');
      expect(await claimOf(event, 'u', A, 0)).toEqual({ kind: 'done' });
      expect(await stateOf(event)).toBe('superseded');
    });

    it('ends as superseded at once when the lease has already expired', async () => {
      const event = anEvent();
      await ledger.claim({ event, token: 't' });
      ledger.lasting(false);
      await ledger.dataStarted(event, A, 't');
      await ledger.supersede(event.source, event.id);
      expect(await stateOf(event)).toBe('superseded');
    });

    it('ends as superseded when its message is about to be sent after all, and must not be sent', async () => {
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

  describe('R4 a notice superseded before anybody claims it', () => {
    const supersededUnclaimed = async (): Promise<LedgerEvent> => {
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

    it.each(['delivered', 'replayed'])('ends as superseded as soon as it is %s', async (how) => {
      const event = await supersededUnclaimed();
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

    it('gives no claim for a recipient that a retry record names, either', async () => {
      const event = await supersededUnclaimed();
      const C = 'c@example.jp';
      expect(await claimOf(event, 't', C, 1)).toEqual({ kind: 'done' });
      const table = await ledger.find(event.source, event.id);
      expect(table?.rows.map(({ state }) => state)).toEqual(['superseded', 'superseded', 'superseded']);
    });

    it('keeps the answer accepted', async () => {
      const event = await supersededUnclaimed();
      expect((await ledger.record(event, A, 't', deferred)).rows).toEqual([A, B].map(superseded));
      const table = await ledger.record(event, B, 't', accepted);
      expect(table.rows.map(({ state }) => state)).toEqual(['superseded', 'accepted']);
    });
  });
});
