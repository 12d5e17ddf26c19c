import { encodeEvent } from '#events';
import { createOutcomeHistory, type Outcome } from '#redis';
import { eventually } from '../support/eventually.ts';
import { testProducer } from '../support/kafka.ts';
import { someNumber, startSettingsApi } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';
import { startOwnRedis } from './own-redis.ts';
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

describe('HISTORY_REDIS_URL', () => {
  it('keeps the history in a Redis of its own, which may evict and forget, and nothing of it in the other', async () => {
    const url = `redis://${await startOwnRedis()}`;
    const own = await openRedis({ urls: [url] });
    await own.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await own.client.config('SET', 'appendonly', 'no');
    const api = await startSettingsApi({ HISTORY_REDIS_URL: url });
    const producer = await testProducer();
    const envelope = { source: '/denwa-notify', id: uniqueName('outcomes'), time: START, key: null };
    const { value, headers } = encodeEvent({ ...envelope, type: 'outcomes.v1', data: { items: [item] } });
    await producer.send({ topic: `${api.prefix}notify-outcomes`, messages: [{ key: null, value, headers }] });
    await eventually(async () => (await api.ask('get', `/v1/outcomes/${item.eventId}`)).status === 200);
    const page = await api.ask('get', `/v1/numbers/${item.number}/outcomes`);
    expect(page.body).toEqual({ items: [item], nextCursor: null });
    const other = createOutcomeHistory(await openRedis({ keyPrefix: api.prefix }));
    expect(await other.ofEvent(item.eventId)).toEqual([]);
  });
});
