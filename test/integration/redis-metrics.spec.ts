import { jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { MESSAGES_DUE, NO_ACCOUNT } from '#access';
import { collectBacklog } from '#metrics';
import {
  checkDurability,
  collectRedisMetrics,
  connectRedis,
  createAccessStore,
  createSettingsRepository,
  type RedisConnection,
} from '#redis';
import { SWITCH_UNTOLD } from '#settings';
import { closeLater } from '../support/close-later.ts';
import { readScrape } from '../support/scraped.ts';
import { startOwnRedis } from './own-redis.ts';

const url = `redis://${await startOwnRedis()}`;

async function open(keyPrefix: string): Promise<RedisConnection> {
  const redis = connectRedis({ urls: [url], keyPrefix, commandTimeoutMs: 10_000 });
  closeLater(() => redis.close());
  await redis.ready(10_000);
  return redis;
}

describe('what an app tells of its Redis', () => {
  it('is why it is unsafe, and how full it is', async () => {
    const redis = await open('unsafe:');
    const registry = new Registry();
    collectRedisMetrics(registry, redis);
    const told = async (): Promise<readonly [string[], number]> => {
      const { series } = readScrape(await registry.metrics());
      const unsafe = series.filter(({ name, value }) => name === 'notify_redis_unsafe' && value === 1);
      const used = series.find(({ name }) => name === 'notify_redis_memory_used_ratio');
      return [unsafe.map(({ labels }) => labels['cause'] ?? ''), used?.value ?? NaN];
    };
    expect(await told()).toEqual([[], 0]);
    await redis.client.config('SET', 'maxmemory', '1gb');
    const [, used] = await told();
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThan(0.5);
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect((await told())[0]).toEqual(['eviction']);
    await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.client.config('SET', 'maxmemory', '1');
    const [causes, over] = await told();
    expect(causes).toEqual(['writes-refused']);
    expect(over).toBeGreaterThan(1);
    await redis.client.config('SET', 'maxmemory', '0');
    await redis.client.config('SET', 'appendonly', 'no');
    expect(await told()).toEqual([['aof'], 0]);
    await redis.client.config('SET', 'appendonly', 'yes');
    await redis.close();
    expect(await told()).toEqual([['aof'], 0]);
  });
});

describe('the cost of a scrape', () => {
  it('is as many commands, and as many lines, with a thousand numbers of which something waits', async () => {
    const redis = await open('cost:');
    const durability = await checkDurability(redis);
    const [repository, store] = [
      createSettingsRepository(redis, durability),
      createAccessStore(redis, durability),
    ];
    closeLater(() => Promise.all([repository.close(), store.close()]));
    const registry = new Registry();
    collectRedisMetrics(registry, redis);
    collectBacklog(registry, SWITCH_UNTOLD, () => repository.outbox.backlog());
    collectBacklog(registry, MESSAGES_DUE, () => store.backlog());
    const cost = async (): Promise<{ commands: number; lines: number; texts: readonly string[] }> => {
      const sending = jest.spyOn(redis.client, 'sendCommand');
      const text = await registry.metrics();
      const commands = sending.mock.calls.length;
      sending.mockRestore();
      return { commands, lines: text.split('\n').length, texts: text.split('\n') };
    };
    const before = await cost();
    for (let from = 0; from < 1_000; from += 100)
      await Promise.all(Array.from({ length: 100 }, (_, index) => waiting(from + index)));
    const after = await cost();
    expect([after.commands, after.lines]).toEqual([before.commands, before.lines]);
    expect(after.commands).toBeLessThan(10);
    expect(after.texts).toEqual(
      expect.arrayContaining(['notify_switch_untold 1000', 'notify_messages_due 1000']),
    );

    /** A number with a transfer that the switch does not know, and a mail that Kafka does not have. */
    async function waiting(index: number): Promise<void> {
      const number = `06${String(index).padStart(8, '0')}`;
      await repository.putLine({ lineNumber: number, brand: 'ntt-east', contractor: '', numbers: [number] });
      await repository.putBulkTransfer(number, { enabled: true, destinations: { [number]: '0312345678' } });
      const mail = { kind: 'password-changed', number, brand: 'ntt-east', at: 0, recipient: 'a@example.jp' };
      await store.change(`line:${number}`, [number], () => ({
        result: undefined,
        accounts: new Map([[number, { ...NO_ACCOUNT, dueMails: [{ ...mail, eventId: number } as never] }]]),
      }));
    }
  });
});
