import { checkDurability, connectRedis } from '#redis';
import { withRedisAt } from '../support/redis-node.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { redisUrl } from '../support/servers.ts';
import { openRedis } from './redis-for-test.ts';
import { openProxy } from './redis-proxy.ts';

const AWAY = { code: 'REDIS_UNAVAILABLE', retryable: true };

describe('a connection to Redis', () => {
  it('answers', async () => {
    const redis = await openRedis();
    await expect(redis.probe()).resolves.toBeUndefined();
  });

  it('reports an outage at once and recovers by itself', async () => {
    const proxy = await openProxy(redisUrl());
    const errors: Error[] = [];
    const redis = await openRedis({ urls: [proxy.url], onError: (error) => errors.push(error) });
    await proxy.down();
    await eventually(async () => redis.client.status !== 'ready');
    const begun = performance.now();
    await expect(redis.probe()).rejects.toMatchObject(AWAY);
    expect(performance.now() - begun).toBeLessThan(100);
    await eventually(() => errors.length > 0);
    await proxy.up();
    await eventually(() => redis.probe().then(() => true));
  });

  it('times out a command when Redis is frozen, and works again afterwards', async () => {
    const proxy = await openProxy(redisUrl());
    const redis = await openRedis({ urls: [proxy.url], commandTimeoutMs: 200 });
    proxy.freeze();
    const begun = performance.now();
    await expect(Promise.all([redis.probe(), redis.probe()])).rejects.toMatchObject(AWAY);
    expect(performance.now() - begun).toBeLessThan(1_000);
    proxy.thaw();
    await eventually(() => redis.probe().then(() => true));
  });

  it('reports that it never connected, and why', async () => {
    const redis = connectRedis({ urls: ['redis://127.0.0.1:1'], keyPrefix: '' });
    closeLater(() => redis.close());
    await expect(redis.ready(300)).rejects.toMatchObject({
      ...AWAY,
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(redis.probe()).rejects.toMatchObject(AWAY);
  });

  it('refuses a database that Redis does not have, and writes into no other', async () => {
    const redis = connectRedis({ urls: [`${redisUrl()}/99`], keyPrefix: 'no-database:' });
    closeLater(() => redis.close());
    await expect(redis.ready(5_000)).rejects.toMatchObject({ code: 'REDIS_MISCONFIGURED', retryable: false });
    // Each of these connections could be written to, in database 0.
    await eventually(async () => {
      await expect(redis.probe()).rejects.toMatchObject(AWAY);
      return redis.interruptions() > 2;
    });
    const { port } = new URL(redisUrl());
    expect(await withRedisAt(Number(port), (plain) => plain.exists('no-database:probe'))).toBe(0);
  });

  it.each([
    ['no address', { urls: [] }],
    ['another protocol', { urls: ['http://127.0.0.1'] }],
    ['nodes with and without TLS', { urls: ['redis://127.0.0.1', 'rediss://127.0.0.1'] }],
    ['nodes with and without a login', { urls: ['redis://127.0.0.1', 'redis://u:p@127.0.0.1'] }],
    ['a prefix that would change the slots', { urls: ['redis://127.0.0.1'], keyPrefix: '{a}' }],
  ])('refuses %s', (_, wrong) => {
    expect(() => connectRedis({ keyPrefix: '', ...wrong })).toThrow(TypeError);
  });

  it('finds the Redis of the tests durable', async () => {
    const redis = await openRedis();
    const { version, canAwaitDisk } = await checkDurability(redis);
    const [major = 0, minor = 0] = version.split('.').map(Number);
    expect(canAwaitDisk).toBe(major > 7 || (major === 7 && minor >= 2));
  });
});
