import { closeLater } from '../support/close-later.ts';
import { createTopics, testAdmin } from '../support/kafka.ts';
import { kafkaBrokers, redisUrl } from '../support/servers.ts';
import { errorsOf, someNumber, startSettingsApi, startUnready } from '../support/settings-api.ts';
import { eventually } from '../support/eventually.ts';
import { uniqueName } from '../support/unique-name.ts';
import { openProxy } from './redis-proxy.ts';

const line = { brand: 'ntt-east', numbers: [], contractor: 'x' };

describe('while Redis is away', () => {
  it.each(['cut off', 'frozen'] as const)(
    '(%s) the API answers 503 with Retry-After, says that it is not ready, and goes on when it is back',
    async (how) => {
      const proxy = await openProxy(redisUrl());
      const api = await startSettingsApi({ REDIS_URL: proxy.url });
      const path = `/v1/lines/${someNumber()}`;
      await api.ask('put', path).send(line).expect(201);
      if (how === 'frozen') proxy.freeze();
      else await proxy.down();
      for (const answer of [await api.ask('get', path), await api.ask('put', path).send(line)]) {
        expect([answer.status, ...errorsOf(answer)]).toEqual([503, 'unavailable']);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      }
      expect((await api.ask('get', '/livez')).status).toBe(200);
      const ready = await api.ask('get', '/readyz');
      expect(ready.status).toBe(503);
      expect(ready.body).toMatchObject({ reasons: [{ check: 'redis' }] });
      if (how === 'frozen') proxy.thaw();
      else await proxy.up();
      await eventually(async () => (await api.ask('get', '/readyz')).status === 200);
      expect((await api.ask('get', path)).body).toMatchObject({ contractor: 'x' });
      expect(api.log.filter((entry) => entry.includes('"level":"error"'))).toEqual([]);
    },
    60_000,
  );
});

describe('a settings API that starts while Redis is away', () => {
  it('answers 503 and says why, and works when Redis comes', async () => {
    const proxy = await openProxy(redisUrl());
    await proxy.down();
    const prefix = `${uniqueName('settings')}.`;
    await createTopics(['notify-outcomes', 'fax-events'].map((topic) => prefix + topic));
    const api = await startUnready(prefix, { REDIS_URL: proxy.url });
    const path = `/v1/lines/${someNumber()}`;
    expect((await api.ask('put', path).send(line)).status).toBe(503);
    const ready = await api.ask('get', '/readyz');
    expect(ready.status).toBe(503);
    expect(JSON.stringify(ready.body)).toContain('"check":"redis"');
    expect((await api.ask('get', '/metrics')).text).toContain('notify_breaker_open{target="redis"} 1');
    await proxy.up();
    await eventually(async () => (await api.ask('get', '/readyz')).status === 200);
    await api.ask('put', path).send(line).expect(201);
    expect((await api.ask('get', '/metrics')).text).toContain('notify_breaker_open{target="redis"} 0');
  }, 60_000);
});

describe('while Kafka is away', () => {
  it('settings are read and written, mails are answered with 503, and all goes on when it is back', async () => {
    const proxy = await openProxy(`kafka://${kafkaBrokers()[0]}`);
    await proxy.down();
    const api = await startUnready(`${uniqueName('settings')}.`, {
      KAFKA_BROKERS: new URL(proxy.url).host,
      KAFKA_CREATE_TOPICS: 'true',
    });
    const reasons = async () => ((await api.ask('get', '/readyz')).body as { reasons: object[] }).reasons;
    await eventually(async () => (await reasons()).length === 1);
    const number = someNumber();
    await api.ask('put', `/v1/lines/${number}`).send(line).expect(201);
    const test = (address = 'taro@example.jp') =>
      api.ask('post', `/v1/numbers/${number}/test-mail`).send({ address });
    const mail = await test();
    expect([mail.status, ...errorsOf(mail)]).toEqual([503, 'unavailable']);
    expect(Number(mail.headers['retry-after'])).toBeGreaterThan(0);
    // C12: what was not acknowledged in time may still arrive, so it counts.
    const tries = Array.from({ length: 5 }, async () => (await test('hanako@example.jp')).status);
    expect(await Promise.all(tries)).toEqual([503, 503, 503, 503, 503]);
    expect((await test('hanako@example.jp')).status).toBe(429);
    const ready = await api.ask('get', '/readyz');
    expect(ready.body).toMatchObject({ status: 'not-ready', reasons: [{ check: 'kafka' }] });
    await proxy.up();
    await eventually(async () => (await api.ask('get', '/readyz')).status === 200);
    await eventually(async () => (await test()).status === 202);
    expect(api.log.filter((entry) => entry.includes('"level":"error"'))).toEqual([]);
    const admin = await testAdmin();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(api.prefix));
    closeLater(() => admin.deleteTopics({ topics }));
    expect(topics).toContain(`${api.prefix}access-mails`);
  }, 60_000);
});
