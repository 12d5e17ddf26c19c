import { createLedger, createLedgerRebuilder, type RedisConnection, type ToldOutcome } from '#redis';
import type { Ledger, LedgerEvent } from '#delivery';
import { A, accepted, anEvent, B, deferred, MINUTE } from './ledger-for-test.ts';
import { keysOf, openRedis } from './redis-for-test.ts';

const later = 30 * MINUTE;
type Recipients = ToldOutcome['outcome']['recipients'];
type Rebuild = ReturnType<typeof createLedgerRebuilder>;

const taken = (address: string): Recipients[number] => ({
  address,
  state: 'accepted',
  attempts: 1,
  response: '250 2.0.0 Ok',
});
const waiting = (address: string, attempts = 1): Recipients[number] => ({
  address,
  state: 'deferred',
  attempts,
  response: '451 4.7.1 Later',
});
const toldOf = (event: LedgerEvent, sequence: number, ...recipients: Recipients): ToldOutcome => ({
  outcome: { eventSource: event.source, eventId: event.id, sequence, recipients },
  keepUntil: Date.now() + later,
  retryTopic: 'notify-retry-10s',
});

describe('a ledger rebuilt from outcomes', () => {
  let redis: RedisConnection;
  let ledger: Ledger;
  let rebuild: Rebuild;
  const states = async ({ source, id }: LedgerEvent): Promise<unknown> =>
    (await ledger.find(source, id))?.rows.map(({ address, state, attempts }) => [address, state, attempts]);
  const claims = async (event: LedgerEvent, more: object = {}): Promise<unknown> => [
    ...(await ledger.claim({ event, token: 'claim', ...more })).claims.values(),
  ];

  beforeAll(async () => {
    redis = await openRedis();
    [ledger, rebuild] = [createLedger(redis), createLedgerRebuilder(redis)];
  });

  it('sends nothing again that was accepted, and nothing to who was not a recipient then', async () => {
    const event = anEvent([A, B]);
    expect(await rebuild(toldOf(event, 1, taken(A)))).toBe('written');
    expect(await claims(event)).toEqual([{ kind: 'done' }]);
    expect(await states(event)).toEqual([[A, 'accepted', 1]]);
  });

  it('lets a retry record go on, but not one of before', async () => {
    const event = anEvent([A]);
    await rebuild(toldOf(event, 2, waiting(A, 2)));
    expect(await claims(event, { address: A, attempts: 1 })).toEqual([{ kind: 'done' }]);
    expect(await claims(event, { address: A, attempts: 2 })).toMatchObject([{ kind: 'mine', attempt: 3 }]);
    const table = await ledger.record(event, A, 'claim', { ...accepted, attempts: 3 });
    expect(table).toMatchObject({ sequence: 3, event: { brand: 'ntt-east', deadline: event.deadline } });
  });

  it('puts what is deferred into its retry topic again when its record is read again', async () => {
    const event = anEvent([A]);
    await rebuild(toldOf(event, 1, waiting(A)));
    const { table } = await ledger.claim({ event, token: 't' });
    expect(table.rows).toMatchObject([{ state: 'deferred', settled: false, retryTopic: 'notify-retry-10s' }]);
  });

  it('takes the highest sequence, in whatever order outcomes come', async () => {
    const event = anEvent([A]);
    expect(await rebuild(toldOf(event, 2, taken(A)))).toBe('written');
    expect(await rebuild(toldOf(event, 1, waiting(A)))).toBe('known');
    expect(await rebuild(toldOf(event, 2, taken(A)))).toBe('known');
    expect(await claims(event)).toEqual([{ kind: 'done' }]);
  });

  it('brings an entry of the copy up to date and keeps what it knows better', async () => {
    const event = anEvent([A, B]);
    await ledger.claim({ event, token: 't' });
    await ledger.record(event, A, 't', deferred);
    await ledger.record(event, B, 't', accepted);
    expect(await rebuild(toldOf(event, 1, taken(A), waiting(B)))).toBe('known');
    expect(await rebuild(toldOf(event, 2, taken(A), waiting(B)))).toBe('written');
    expect(await states(event)).toEqual([
      [A, 'accepted', 1],
      [B, 'accepted', 1],
    ]);
    expect(await ledger.find(event.source, event.id)).toMatchObject({ sequence: 2 });
  });

  it('leaves a mail that is being sent to its claim, unless it was accepted', async () => {
    const event = anEvent([A, B]);
    await ledger.claim({ event, token: 't' });
    await rebuild(toldOf(event, 1, waiting(A), taken(B)));
    await expect(ledger.dataStarted(event, B, 't')).rejects.toMatchObject({ code: 'LEDGER_CLAIM_LOST' });
    await ledger.dataStarted(event, A, 't');
    await ledger.record(event, A, 't', accepted);
    expect(await states(event)).toEqual([
      [A, 'accepted', 1],
      [B, 'accepted', 1],
    ]);
  });

  it('R4 supersedes what was told to wait, not what was accepted', async () => {
    const event = anEvent([A, B]);
    await rebuild(toldOf(event, 1, waiting(A), taken(B)));
    expect(await ledger.supersede(event.source, event.id)).toBeUndefined();
    expect(await claims(event, { address: A, attempts: 1 })).toEqual([{ kind: 'done' }]);
    expect(await states(event)).toEqual([
      [A, 'superseded', 1],
      [B, 'accepted', 1],
    ]);
  });

  it.each([
    ['in doubt', { state: 'in-doubt', response: 'no answer' }, 'mine'],
    [
      'not sent because of a bug',
      { state: 'bounced', response: 'not sent: internal error (X), kept' },
      'mine',
    ],
    ['refused', { state: 'bounced', response: '550 5.1.1 Unknown' }, 'done'],
  ])('opens by a replay what is %s only if it is a dead letter', async (_what, row, kind) => {
    const event = anEvent([A]);
    await rebuild(toldOf(event, 1, { address: A, attempts: 1, ...row }));
    await ledger.reopen(event.source, event.id, 'dead-1');
    expect(await claims(event)).toMatchObject([{ kind }]);
  });

  it('keeps an event as long as its notifier would have, and none that is over', async () => {
    const [event, old] = [anEvent([A]), anEvent([A])];
    await rebuild(toldOf(event, 1, taken(A)));
    expect(await rebuild({ ...toldOf(old, 1, taken(A)), keepUntil: Date.now() - 1 })).toBe('over');
    const keys = await keysOf(redis);
    const left = await Promise.all(keys.map(({ key, node }) => node.pttl(key)));
    expect(left.filter((ms) => ms > later - MINUTE && ms <= later)).toHaveLength(1);
    await ledger.claim({ event, token: 't' });
    expect(await ledger.find(old.source, old.id)).toBeUndefined();
  });
});
