import type { Answer, LedgerEvent, LedgerTable } from '#delivery';
import { A, accepted, anEvent, B, claiming, deferred, LEDGERS, type TimedLedger } from './ledger-for-test.ts';

describe.each(LEDGERS)('events reopened by the replay of a dead letter in the ledger %s', (_, open) => {
  let ledger: TimedLedger;
  const { claimOf, foundLapsed } = claiming(() => ledger);

  beforeEach(async () => {
    ledger ??= await open();
    ledger.lasting(true);
  });

  const inDoubt: Answer = { state: 'in-doubt', attempts: 0, response: 'no answer' };
  const bug: Answer = { state: 'bounced', attempts: 0, response: 'not sent', deadLetter: true };
  const reopened = async (event: LedgerEvent, deadLetterId: string): Promise<LedgerTable | undefined> => {
    await ledger.reopen(event.source, event.id, deadLetterId);
    return ledger.find(event.source, event.id);
  };

  it('are open again for recipients in doubt, deferred or affected by a bug, not for accepted or refused ones', async () => {
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

  it('get a higher sequence with the next answer', async () => {
    const event = anEvent();
    await ledger.claim({ event, token: 't' });
    const { sequence } = await ledger.record(event, A, 't', inDoubt);
    await reopened(event, 'x');
    await ledger.claim({ event, token: 'u' });
    expect((await ledger.record(event, A, 'u', accepted)).sequence).toBe(sequence + 1);
    expect((await reopened(event, 'y'))?.rows[0]?.state).toBe('accepted');
  });

  it('R4 stay as they are when superseded by the recovery', async () => {
    const event = anEvent([A, B]);
    await ledger.claim({ event, token: 't' });
    await ledger.record(event, A, 't', inDoubt);
    await ledger.record(event, B, 't', deferred);
    await ledger.supersede(event.source, event.id);
    const table = await reopened(event, 'x');
    expect(table?.rows.map(({ state }) => state)).toEqual(['in-doubt', 'superseded']);
  });

  it('start without doubts', async () => {
    const event = anEvent();
    await claimOf(event, 't');
    await ledger.release(event, A, 't', true);
    await claimOf(event, 'u');
    await ledger.record(event, A, 'u', inDoubt);
    await reopened(event, 'x');
    expect(await claimOf(event, 'v')).toMatchObject({ kind: 'mine', doubts: 0 });
  });

  it('are reopened once for each dead letter', async () => {
    const event = anEvent();
    await ledger.claim({ event, token: 't' });
    await ledger.record(event, A, 't', inDoubt);
    await reopened(event, 'x');
    await claimOf(event, 'u');
    await ledger.record(event, A, 'u', { ...inDoubt, response: 'again' });
    expect((await reopened(event, 'x'))?.rows[0]?.state).toBe('in-doubt');
    expect((await reopened(event, 'y'))?.rows[0]?.state).toBe('open');
  });

  it('keep what is being sent, and the fact that the message of a retry has begun', async () => {
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
