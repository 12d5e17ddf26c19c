import { connect } from 'node:net';
import { once } from 'node:events';
import type { LedgerEvent } from '#delivery';
import type { FaxEvent } from '#events';
import {
  createHistoryEvictor,
  createLedger,
  createOutcomeHistory,
  createReceivedFaxes,
  type HistoryEvictorOptions,
  type Outcome,
  type RedisConnection,
} from '#redis';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { connectOwnRedis } from './own-redis.ts';
import { keysOf } from './redis-for-test.ts';

const DAY = 86_400_000;
const LITTLE_PATIENCE = { firstMs: 0, moreMs: 200 };

const outcome = (eventId: string, number: string): Outcome => ({
  eventSource: '/switch/1',
  eventId,
  sequence: 1,
  kind: 'call',
  number,
  lineNumber: number,
  at: '2026-11-21T10:00:00+09:00',
  reason: 'notify',
  recipients: [{ address: 'a@example.jp', state: 'accepted', attempts: 1, response: '250 2.0.0 Ok' }],
});
const fax = (id: string, at: number): FaxEvent => ({
  kind: 'fax',
  source: '/switch/1',
  id,
  at,
  lineNumber: '0300002003',
  calledNumber: '0300002003',
  sender: { withheld: 'P' },
  pages: 1,
  complete: true,
  documentId: id,
});
const numbers = Array.from({ length: 20 }, (_, index) => `03000010${String(index).padStart(2, '0')}`);

async function fill(redis: RedisConnection, each = 1_000): Promise<void> {
  const history = createOutcomeHistory(redis);
  for (const number of numbers)
    await history.keep(Array.from({ length: each }, (_, index) => outcome(`e-${index}`, number)));
}

const historyKeys = async (redis: RedisConnection): Promise<number> =>
  (await keysOf(redis)).filter(({ key }) => key.includes('history')).length;

async function infoOf({ client }: RedisConnection, field: string): Promise<number> {
  return Number(new RegExp(`^${field}:.*?(\\d+)`, 'm').exec(await client.info('everything'))?.[1]);
}

/** Sets `maxmemory` so that the memory used now is this fraction of it. */
async function use(redis: RedisConnection, part: number): Promise<void> {
  await redis.client.config('SET', 'maxmemory', Math.round((await infoOf(redis, 'used_memory')) / part));
}

function openEvictor(redis: RedisConnection, options: Partial<HistoryEvictorOptions> = {}) {
  const unexpected = (error: unknown): never => {
    throw error;
  };
  const evictor = createHistoryEvictor(redis, {
    everyMs: 10,
    onChange: () => undefined,
    onTrouble: unexpected,
    ...options,
  });
  closeLater(() => evictor.close());
  return evictor;
}

const event: LedgerEvent = {
  source: '/switch',
  id: 'owed',
  kind: 'call',
  number: '0312345679',
  lineNumber: '0312345679',
  brand: 'ntt-east',
  at: Date.now(),
  deadline: Date.now() + 600_000,
  reason: 'notify',
  recipients: ['a@example.jp'],
};

describe('a Redis whose memory is short', () => {
  it('evicts the history when it stays so, while the ledger works on; then the history resumes', async () => {
    const own = await connectOwnRedis();
    await fill(own);
    const ledger = createLedger(own);
    expect(await historyKeys(own)).toBeGreaterThan(20);
    await use(own, 0.75);
    const reported: boolean[] = [];
    const onChange = (isShort: boolean): void => void reported.push(isShort);
    const evictor = openEvictor(own, { patience: LITTLE_PATIENCE, onChange });
    expect(await evictor.hasMemory()).toBe(false);
    const { claims } = await ledger.claim({ event, token: 't' });
    expect([...claims.values()]).toMatchObject([{ kind: 'mine' }]);
    expect(await eventually(() => evictor.hasMemory())).toBe(true);
    expect(reported).toEqual([true, false]);
    expect(await historyKeys(own)).toBe(0);
    expect(await ledger.find('/switch', 'owed')).toBeDefined();
    await evictor.close();
  });

  it('keeps recent outcomes when it is so only for seconds', async () => {
    const own = await connectOwnRedis();
    await fill(own, 250);
    const before = await historyKeys(own);
    await use(own, 0.82);
    const evictor = openEvictor(own, { patience: { ...LITTLE_PATIENCE, moreMs: 300_000 } });
    expect(await evictor.hasMemory()).toBe(false);
    const checks = await infoOf(own, 'cmdstat_info');
    await eventually(async () => (await infoOf(own, 'cmdstat_info')) > checks + 50);
    expect(await historyKeys(own)).toBe(before);
    await own.client.config('SET', 'maxmemory', 0);
    expect(await eventually(() => evictor.hasMemory())).toBe(true);
    await evictor.close();
  });

  it('keeps the newest outcomes when removing the oldest is enough', async () => {
    const own = await connectOwnRedis();
    let now = Date.now() - 20 * DAY;
    const history = createOutcomeHistory(own, { now: () => now });
    await history.keep(Array.from({ length: 3_000 }, (_, index) => outcome(`e-${index}`, `03e-${index}`)));
    const faxes = createReceivedFaxes(own, { now: () => now });
    await faxes.keep([fax('old', now)]);
    now = Date.now();
    await history.keep([outcome('new', '0300002002')]);
    await faxes.keep([fax('new', now)]);
    await use(own, 0.72);
    const evictor = openEvictor(own, { patience: LITTLE_PATIENCE });
    expect(await evictor.hasMemory()).toBe(false);
    await eventually(() => evictor.hasMemory());
    await evictor.close();
    expect(await history.ofEvent('new')).toHaveLength(1);
    expect(await history.ofEvent('e-1')).toEqual([]);
    expect(await own.client.llen('own:history-faxes:{0300002003}')).toBe(1);
    expect(await faxes.ofNumber('0300002003')).toMatchObject([{ documentId: 'new' }]);
  });

  it('is not one whose clients read slowly', async () => {
    const own = await connectOwnRedis();
    await own.client.set('filling', 'x'.repeat(8_000_000));
    await own.client.set('asked for', 'x'.repeat(100_000));
    await use(own, 0.4);
    const { host = '', port = 0 } = (own.client as { options: { host?: string; port?: number } }).options;
    const slow = connect(port, host);
    closeLater(async () => slow.destroy());
    await once(slow, 'connect');
    slow.pause();
    const limit = await infoOf(own, 'maxmemory');
    // The buffers of the sockets do not count as memory of Redis.
    for (let asked = 0; (await infoOf(own, 'used_memory')) < 0.75 * limit; asked += 1) {
      expect(asked).toBeLessThan(2_000);
      slow.write('GET "asked for"\r\n');
    }
    const evictor = openEvictor(own);
    expect(await eventually(() => evictor.hasMemory())).toBe(true);
    expect(await infoOf(own, 'used_memory')).toBeGreaterThan(0.7 * limit);
    await evictor.close();
  });

  it('is left alone when it evicts by itself', async () => {
    const own = await connectOwnRedis();
    await own.client.config('SET', 'maxmemory-policy', 'volatile-ttl');
    await own.client.config('SET', 'maxmemory', 1_000_000_000);
    expect(await openEvictor(own, { most: 0 }).hasMemory()).toBe(true);
  });
});

describe('a Redis whose memory cannot be checked', () => {
  it('is given nothing more, is reported once, and works on when it can be checked again', async () => {
    const own = await connectOwnRedis();
    const reported: unknown[] = [];
    const evictor = openEvictor(own, { onTrouble: (error) => void reported.push(error) });
    expect(await evictor.hasMemory()).toBe(true);
    await own.client.call('ACL', 'SETUSER', 'default', '-info');
    await eventually(() =>
      evictor.hasMemory().then(
        () => false,
        () => true,
      ),
    );
    await expect(evictor.hasMemory()).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    await own.client.call('ACL', 'SETUSER', 'default', '+info');
    expect(await eventually(() => evictor.hasMemory())).toBe(true);
    expect(reported).toEqual([expect.objectContaining({ code: 'REDIS_UNAVAILABLE' }), undefined]);
    await evictor.close();
  });
});
