import { createServer } from 'node:net';
import { once } from 'node:events';
import { REQUIRED } from '../../apps/notifier/src/notifier-environment.ts';
import { startNotifier } from '../../apps/notifier/src/start-notifier.ts';
import { openProxy } from '../integration/redis-proxy.ts';
import { closeLater } from '../support/close-later.ts';
import { testEnvironment, testLogger } from '../support/run-log.ts';
import { kafkaBrokers, redisUrl } from '../support/servers.ts';
import { beginStory } from '../support/story.ts';

const story = await beginStory();
const logger = testLogger({ app: 'test', level: 'error' });
const fatal = (error: Error): never => {
  throw error;
};
const start = (more: Readonly<Record<string, string>> = {}) =>
  startNotifier(testEnvironment(REQUIRED, { ...story.environment, ...more }), logger, fatal);

describe('a notifier that starts', () => {
  it('warns of a brand whose domains are those of an example (B1)', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const log = testLogger({ app: 'test', level: 'warn', destination });
    const notifier = await startNotifier(testEnvironment(REQUIRED, story.environment), log, fatal);
    closeLater(() => notifier.close());
    const warned = lines.filter((line) => line.includes('A brand has the domains of an example'));
    expect(warned).toEqual([expect.stringContaining('rakuten-mobile.yaml')]);
  });

  it('answers before its consumers have joined, and reports what is missing', async () => {
    const notifier = await start();
    closeLater(() => notifier.close());
    const [alive, ready] = await Promise.all(['/livez', '/readyz'].map((path) => fetch(notifier.url + path)));
    expect(alive?.status).toBe(200);
    expect(ready?.status).toBe(503);
    expect(await ready?.text()).toContain('has not joined its group');
    await notifier.joined;
    expect((await fetch(`${notifier.url}/readyz`)).status).toBe(200);
  });

  it.each([
    ['kafka', kafkaBrokers()[0], 'KAFKA_BROKERS'],
    ['redis', new URL(redisUrl()).host, 'REDIS_URL'],
  ] as const)(
    'answers while %s is away, reports it, and starts working when it is back',
    async (check, host, variable) => {
      const proxy = await openProxy(`tcp://${host}`);
      await proxy.down();
      const notifier = await start({ [variable]: check === 'kafka' ? new URL(proxy.url).host : proxy.url });
      closeLater(() => notifier.close());
      const metrics = await (await fetch(`${notifier.url}/metrics`)).text();
      expect(metrics).toContain('notify_breaker_open{target="kafka"} 1');
      const ready = await fetch(`${notifier.url}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.text()).toContain(`"check":"${check}"`);
      await proxy.up();
      await notifier.joined;
      expect((await fetch(`${notifier.url}/readyz`)).status).toBe(200);
    },
    60_000,
  );

  it.each(['KAFKA_BROKERS', 'REDIS_URL'] as const)(
    'closes at once while the server of %s is away',
    async (variable) => {
      const proxy = await openProxy(`tcp://${kafkaBrokers()[0]}`);
      await proxy.down();
      const notifier = await start({
        [variable]: variable === 'REDIS_URL' ? proxy.url : new URL(proxy.url).host,
      });
      const began = performance.now();
      await notifier.close();
      // It has 30 s, and a consumer that waits for Kafka would use them all.
      expect(performance.now() - began).toBeLessThan(10_000);
    },
  );

  it('closes gracefully while its consumers join, because a mail may be in flight', async () => {
    const notifier = await start();
    await notifier.close();
    await notifier.joined;
    await expect(fetch(`${notifier.url}/livez`)).rejects.toThrow('fetch failed');
  });

  it('sends no mail when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    closeLater(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start({ HTTP_PORT: String(port) })).rejects.toThrow('EADDRINUSE');
  });
});
