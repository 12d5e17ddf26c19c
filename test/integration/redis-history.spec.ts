import { checkDurability, createOutcomeHistory, createSettingsRepository, type Outcome } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { connectOwnRedis } from './own-redis.ts';
import { keysOf, openRedis } from './redis-for-test.ts';

const redis = await openRedis();
const NUMBER = '0312345679';
const DAY = 86_400_000;
const START = Date.parse('2026-11-21T01:00:00Z');

const outcome = (index: number, more: Partial<Outcome> = {}): Outcome => ({
  eventSource: '/switch/1',
  eventId: `e-${index}`,
  sequence: 1,
  kind: 'call',
  number: NUMBER,
  lineNumber: NUMBER,
  at: new Date(START + index * 1000).toISOString(),
  reason: 'notify',
  recipients: [{ address: 'a@example.jp', state: 'accepted', attempts: 1, response: '250 2.0.0 Ok' }],
  ...more,
});
const many = (count: number, more: Partial<Outcome> = {}): Outcome[] =>
  Array.from({ length: count }, (_, index) => outcome(index, more));

describe('the history of a number', () => {
  it('V6 has only the newest outcomes, up to the limit', async () => {
    const number = '0300000001';
    const history = createOutcomeHistory(redis, { perNumber: 100 });
    for (const item of many(130, { number })) await history.keep([item]);
    const page = await history.ofNumber({ number, limit: 200 });
    expect(page?.items).toEqual(many(130, { number }).slice(30).toReversed());
    expect(await history.ofEvent('e-29')).toEqual([]);
    expect(await history.ofEvent('e-30')).toEqual([outcome(30, { number })]);
  });

  it('V6 goes back the configured number of days, also for a number with daily calls', async () => {
    const number = '0300000002';
    let now = Date.now() - 5 * DAY;
    const history = createOutcomeHistory(redis, { keptDays: 3, now: () => now });
    for (let day = 0; day < 6; day += 1) {
      await history.keep([outcome(day, { number })]);
      now += DAY;
    }
    now -= DAY / 2;
    const page = await history.ofNumber({ number, limit: 200 });
    expect(page?.items.map(({ eventId }) => eventId)).toEqual(['e-5', 'e-4', 'e-3']);
    expect(await history.ofEvent('e-2')).toEqual([]);
    const keys = await keysOf(redis);
    const [list] = keys.filter(({ key }) => key.includes(number));
    expect(await list?.node.llen(list.key)).toBeLessThanOrEqual(4);
    for (const { key, node } of keys) expect(await node.ttl(key)).toBeGreaterThan(0);
  });

  it('has the highest sequence of each event, in whatever order and on whatever day they came', async () => {
    const number = '0300000003';
    let now = Date.now() - DAY;
    const history = createOutcomeHistory(redis, { now: () => now });
    const items = [1, 3, 2, 3].map((sequence) => outcome(1, { number, eventId: 'again', sequence }));
    for (const item of items) {
      await history.keep([item]);
      now += DAY / 3;
    }
    expect((await history.ofNumber({ number, limit: 9 }))?.items).toEqual([items[1]]);
    expect(await history.ofEvent('again')).toEqual([items[1]]);
  });

  it('finds an event id shared by many numbers in each of them, or in the newest if there are too many', async () => {
    const history = createOutcomeHistory(redis);
    const numbers = Array.from({ length: 150 }, (_, index) => `04${String(index).padStart(8, '0')}`);
    for (const [index, number] of numbers.entries()) {
      await history.keep([outcome(1, { number, eventId: 'shared' })]);
      if (index === 29) expect(await history.ofEvent('shared')).toHaveLength(30);
    }
    const found = (await history.ofEvent('shared')).map(({ number }) => number);
    expect(found.length).toBeGreaterThan(80);
    expect(new Set(found)).toEqual(new Set(numbers.slice(-found.length)));
  });

  it('V6 does not store late outcomes of a contract that the number has left', async () => {
    const number = '0300000004';
    const repository = createSettingsRepository(redis, await checkDurability(redis));
    closeLater(() => repository.close());
    await repository.putLine({ lineNumber: number, brand: 'ntt-east', contractor: '', numbers: [] });
    await repository.deleteLine(number);
    const own = outcome(1, { number, at: new Date(Date.now() + 1_000).toISOString() });
    const history = createOutcomeHistory(redis, { everyContract: true });
    await history.keep([outcome(0, { number }), own]);
    expect((await history.ofNumber({ number, limit: 9 }))?.items).toEqual([own]);
  });

  it('takes less than 200 bytes of Redis per mail', async () => {
    const of = (node: number): Outcome[] => many(60, { number: `06${String(node).padStart(8, '0')}` });
    const own = await connectOwnRedis();
    const history = createOutcomeHistory(own);
    const used = async (): Promise<number> =>
      Number(/used_memory_dataset:(\d+)/.exec(await own.client.info('memory'))?.[1]);
    await history.keep([outcome(0)]);
    const before = await used();
    for (let number = 0; number < 200; number += 1) {
      const items = of(number).map((item, index) => ({ ...item, eventId: `event-${number}-${index}` }));
      await history.keep(items);
    }
    expect((await used()) - before).toBeLessThan(200 * 60 * 200);
  });
});
