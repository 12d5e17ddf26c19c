import type { Answer } from '#delivery';
import { A, accepted, anEvent, B, claiming, deferred, LEDGERS, type TimedLedger } from './ledger-for-test.ts';

describe.each(LEDGERS)('answers in the ledger %s', (_, open) => {
  let ledger: TimedLedger;
  const { claimOf } = claiming(() => ledger);

  beforeEach(async () => {
    ledger ??= await open();
    ledger.lasting(true);
  });

  it('never counts fewer attempts than before', async () => {
    const event = anEvent();
    await claimOf(event, 't', A, 3);
    const table = await ledger.record(event, A, 't', accepted);
    expect(table.rows[0]).toMatchObject({ state: 'accepted', attempts: 3 });
    expect(await ledger.find(event.source, event.id)).toEqual(table);
  });

  it('numbers the outcome once every recipient has an answer, and again at each change', async () => {
    const event = anEvent([A, B]);
    await ledger.claim({ event, token: 't' });
    expect((await ledger.record(event, A, 't', deferred)).sequence).toBe(0);
    expect((await ledger.record(event, B, 't', accepted)).sequence).toBe(1);
    expect((await ledger.record(event, B, 't', accepted)).sequence).toBe(1);
    await claimOf(event, 'u', A, 1);
    expect((await ledger.record(event, A, 'u', { ...accepted, attempts: 2 })).sequence).toBe(2);
  });

  it('does not number an answer that repeats the last one', async () => {
    const event = anEvent();
    await ledger.record(event, A, 't', deferred);
    await claimOf(event, 'u', A, 1);
    expect((await ledger.record(event, A, 'u', deferred)).sequence).toBe(1);
  });

  it('never overwrites accepted, and takes accepted even from an owner who has lost the claim', async () => {
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

  it('records an answer for an unknown event', async () => {
    const event = anEvent([A, B]);
    const table = await ledger.record(event, A, 't', accepted);
    expect(table.rows.map(({ state }) => state)).toEqual(['accepted', 'open']);
    expect(await ledger.find(event.source, event.id)).toEqual(table);
  });

  it('settles rows that are unchanged since they were published, until they change', async () => {
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

  it('reports an unknown event as such', async () => {
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
