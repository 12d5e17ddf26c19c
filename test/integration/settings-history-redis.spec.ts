import { encodeEvent } from '#events';
import { createOutcomeHistory, type Outcome } from '#redis';
import { eventually } from '../support/eventually.ts';
import { testProducer } from '../support/kafka.ts';
import { someNumber, startSettingsApi, type TestSettingsApi } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';
import { startOwnRedis } from './own-redis.ts';
import { openProxy } from './redis-proxy.ts';
import { openRedis } from './redis-for-test.ts';

const START = Date.parse('2026-11-21T01:00:00Z');
const item: Outcome = {
  eventSource: '/switch/1',
  eventId: uniqueName('event'),
  sequence: 1,
  kind: 'call',
  number: someNumber(),
  lineNumber: null,
  at: '2026-11-21T10:00:00+09:00',
  reason: 'answered',
  recipients: [],
};

/** Publishes an outcome as the notifier does, and waits until it is kept. */
async function publish(api: TestSettingsApi, one: Outcome): Promise<void> {
  const producer = await testProducer();
  const envelope = { source: '/denwa-notify', id: uniqueName('outcomes'), time: START, key: null };
  const { value, headers } = encodeEvent({ ...envelope, type: 'outcomes.v1', data: { items: [one] } });
  await producer.send({ topic: `${api.prefix}notify-outcomes`, messages: [{ key: null, value, headers }] });
  await eventually(async () => (await api.ask('get', `/v1/outcomes/${one.eventId}`)).status === 200);
}

describe('HISTORY_REDIS_URL', () => {
  it('keeps the history in a Redis of its own, which may evict and forget, and nothing of it in the other', async () => {
    const url = `redis://${await startOwnRedis()}`;
    const own = await openRedis({ urls: [url] });
    await own.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await own.client.config('SET', 'appendonly', 'no');
    const api = await startSettingsApi({ HISTORY_REDIS_URL: url });
    await publish(api, item);
    const page = await api.ask('get', `/v1/numbers/${item.number}/outcomes`);
    expect(page.body).toEqual({ items: [item], nextCursor: null });
    const other = createOutcomeHistory(await openRedis({ keyPrefix: api.prefix }));
    expect(await other.ofEvent(item.eventId)).toEqual([]);
  });

  it('V6 shows nothing of a contract that the number has left, as the Redis of the settings knows', async () => {
    const api = await startSettingsApi({ HISTORY_REDIS_URL: `redis://${await startOwnRedis()}` });
    const number = someNumber();
    const put = () =>
      api.ask('put', `/v1/lines/${number}`).send({ brand: 'ntt-east', numbers: [], contractor: 'x' });
    await put().expect(201);
    const past = { ...item, number, lineNumber: number, eventId: uniqueName('event') };
    await publish(api, past);
    await api.ask('delete', `/v1/lines/${number}`).expect(204);
    await put().expect(201);
    const page = await api.ask('get', `/v1/numbers/${number}/outcomes`);
    expect(page.body).toEqual({ items: [], nextCursor: null });
    expect((await api.ask('get', `/v1/outcomes/${past.eventId}`)).status).toBe(404);
  });

  it('is told of while it is away, keeps nobody from the settings, and nothing is lost', async () => {
    const proxy = await openProxy(`redis://${await startOwnRedis()}`);
    const api = await startSettingsApi({ HISTORY_REDIS_URL: proxy.url });
    const isAway = async (): Promise<boolean> =>
      (await api.ask('get', '/metrics')).text.includes('\nnotify_history_away 1\n');
    await eventually(async () => !(await isAway()));
    await proxy.down();
    await eventually(isAway);
    const warnings = () => api.log.filter((line) => line.includes("cannot look at its Redis' memory"));
    await eventually(() => warnings().length === 1);
    expect((await api.ask('get', '/readyz')).status).toBe(200);
    await api
      .ask('put', `/v1/lines/${someNumber()}`)
      .send({ brand: 'ntt-east', numbers: [], contractor: 'x' })
      .expect(201);
    const late = { ...item, eventId: uniqueName('event') };
    const kept = publish(api, late);
    expect((await api.ask('get', `/v1/outcomes/${late.eventId}`)).status).toBe(503);
    await proxy.up();
    await kept;
    await eventually(async () => !(await isAway()));
    expect(warnings()).toHaveLength(1);
  });
});
