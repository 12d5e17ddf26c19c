import { createServer } from 'node:net';
import { once } from 'node:events';
import { REQUIRED } from '../../apps/notifier/src/notifier-environment.ts';
import { startNotifier } from '../../apps/notifier/src/start-notifier.ts';
import { closeLater } from '../support/close-later.ts';
import { testEnvironment, testLogger } from '../support/run-log.ts';
import { beginStory } from '../support/story.ts';

const story = await beginStory();
const logger = testLogger({ app: 'test', level: 'error' });
const fatal = (error: Error): never => {
  throw error;
};
const start = (more: Readonly<Record<string, string>> = {}) =>
  startNotifier(testEnvironment(REQUIRED, { ...story.environment, ...more }), logger, fatal);

describe('a notifier that starts', () => {
  it('answers before its lanes have joined, and says then what is missing', async () => {
    const notifier = await start();
    closeLater(() => notifier.close());
    const [alive, ready] = await Promise.all(['/livez', '/readyz'].map((path) => fetch(notifier.url + path)));
    expect(alive?.status).toBe(200);
    expect(ready?.status).toBe(503);
    expect(await ready?.text()).toContain('has not joined its group');
    await notifier.joined;
    expect((await fetch(`${notifier.url}/readyz`)).status).toBe(200);
  });

  it('closes in order while its lanes join, because mail may have begun', async () => {
    const notifier = await start();
    await notifier.close();
    await notifier.joined;
    await expect(fetch(`${notifier.url}/livez`)).rejects.toThrow('fetch failed');
  });

  it('begins no mail when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    closeLater(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start({ HTTP_PORT: String(port) })).rejects.toThrow('EADDRINUSE');
  });
});
