import type { FaxEvent } from '#events';
import { checkDurability, createReceivedFaxes, createSettingsRepository, type RedisConnection } from '#redis';
import type { SettingsRepository } from '#settings';
import { closeLater } from '../support/close-later.ts';
import { keysOf, openRedis } from './redis-for-test.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';
const DAY = 86_400_000;
const NOW = Date.parse('2026-11-28T10:00:00+09:00');

const fax = (id: string, more: Partial<FaxEvent> = {}): FaxEvent => ({
  kind: 'fax',
  source: '/switch/1',
  id,
  at: NOW,
  lineNumber: LINE,
  calledNumber: NUMBER,
  sender: { number: '0698765432' },
  pages: 2,
  complete: true,
  documentId: `f-${id}`,
  ...more,
});

let redis: RedisConnection;
beforeEach(async () => {
  redis = await openRedis();
});

const documents = async (faxes: ReturnType<typeof createReceivedFaxes>, number = NUMBER): Promise<string[]> =>
  (await faxes.ofNumber(number)).map(({ documentId }) => documentId);

describe('F2 the index of received FAXes', () => {
  it('has those of a number, newest first, each event once', async () => {
    const faxes = createReceivedFaxes(redis, { now: () => NOW });
    await faxes.keep([fax('b', { at: NOW - 1 }), fax('a'), fax('c', { at: NOW - 2 }), fax('a')]);
    await faxes.keep([fax('b', { at: NOW - 1 }), fax('x', { calledNumber: LINE })]);
    await faxes.keep([fax('a', { source: '/switch/2', documentId: 'other' })]);
    expect((await documents(faxes)).toSorted()).toEqual(['f-a', 'f-b', 'f-c', 'other']);
    expect((await documents(faxes)).slice(2)).toEqual(['f-b', 'f-c']);
    expect(await documents(faxes, LINE)).toEqual(['f-x']);
    expect(await documents(faxes, '0300000000')).toEqual([]);
    expect((await faxes.ofNumber(LINE))[0]).toEqual({
      calledNumber: LINE,
      lineNumber: LINE,
      at: NOW,
      sender: { number: '0698765432' },
      pages: 2,
      complete: true,
      documentId: 'f-x',
    });
  });

  it('has those of 30 days, and drops the others', async () => {
    let now = NOW;
    const faxes = createReceivedFaxes(redis, { now: () => now });
    await faxes.keep([
      fax('old', { at: NOW - 30 * DAY - 1 }),
      fax('edge', { at: NOW - 30 * DAY }),
      fax('new'),
    ]);
    expect(await documents(faxes)).toEqual(['f-new', 'f-edge']);
    now = NOW + 31 * DAY;
    expect(await documents(faxes)).toEqual([]);
    await faxes.keep([fax('next', { at: now })]);
    expect(await redis.client.llen(`${redis.keyPrefix}history-faxes:{${NUMBER}}`)).toBe(1);
  });

  it('has the newest of many, and ends by itself', async () => {
    const faxes = createReceivedFaxes(redis, { perNumber: 3, now: () => NOW });
    for (let index = 0; index < 5; index++) await faxes.keep([fax(String(index), { at: NOW + index })]);
    expect(await documents(faxes)).toEqual(['f-4', 'f-3', 'f-2']);
    const [kept] = await keysOf(redis);
    expect(await redis.client.ttl(kept?.key ?? '')).toBeGreaterThan(29 * 86_400);
  });
});

/** A line with the number, written to the settings' Redis. */
const line = (lineNumber: string): Parameters<SettingsRepository['putLine']>[0] => ({
  lineNumber,
  brand: 'ntt-east',
  contractor: '',
  numbers: [NUMBER],
});

describe('F2 the received FAXes of a contract', () => {
  it('are none of another line, and none of the time before the number came to this one', async () => {
    const repository = createSettingsRepository(redis, await checkDurability(redis));
    closeLater(() => repository.close());
    const index = await openRedis();
    const faxes = createReceivedFaxes(index, { settings: redis });
    const at = Date.now() - 60_000;
    await repository.putLine(line(LINE));
    await faxes.keep([fax('ours', { at }), fax('another-line', { at, lineNumber: '0455555555' })]);
    expect(await documents(faxes)).toEqual(['f-ours']);
    await repository.deleteLine(LINE);
    await repository.putLine(line(LINE));
    expect(await documents(faxes)).toEqual([]);
    await faxes.keep([fax('late', { at })]);
    expect(await index.client.llen(`${index.keyPrefix}history-faxes:{${NUMBER}}`)).toBe(2);
    await faxes.keep([fax('next', { at: Date.now() })]);
    expect(await documents(faxes)).toEqual(['f-next']);
  });
});
