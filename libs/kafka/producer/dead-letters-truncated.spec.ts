import { KafkaError } from '../kafkajs/kafka-error.ts';
import { createDeadLetters, truncateRecord } from './dead-letters.ts';
import { sizeOfRecord } from './outgoing-record.ts';
import { createRetryQueue } from './retry-queue.ts';
import { collecting, type Collecting } from './testing/collecting.ts';

const LIMIT = 200_000;

/** Takes what a topic with a limit of its own takes. */
const refusing = (): Collecting =>
  collecting((records) => {
    if (records.some((record) => sizeOfRecord(record) > LIMIT))
      throw new KafkaError('too-large', 'Kafka: MESSAGE_TOO_LARGE', { retryable: false });
  });

const CALL = {
  lineNumber: '0311112222',
  calledNumber: '0311112222',
  caller: { number: '0398765432' },
  startedAt: '2026-11-10T10:00:00Z',
  ringSeconds: 5,
  outcome: 'unanswered',
};

function record(value: string, headers: Record<string, string> = {}) {
  const event = { ce_specversion: '1.0', ce_id: '1', ce_source: '/switch', ce_type: 'call.v1' };
  return {
    topic: 'call-events',
    partition: 0,
    offset: '4',
    key: Buffer.from('0311112222'),
    value: Buffer.from(value),
    headers: {
      ...headers,
      ...event,
      ce_time: '2026-11-10T10:00:00Z',
      'content-type': 'application/json',
    },
    timestamp: 0,
  };
}

describe('truncateRecord', () => {
  it('keeps the headers and the first 64 KB of the value, and says how large it was', async () => {
    const publisher = refusing();
    await createDeadLetters(publisher, '').keep(record('x'.repeat(3_000_000)), 'malformed', 'not JSON', 0);
    const [kept] = publisher.sent;
    expect(kept!.value).toEqual(Buffer.alloc(65_536, 'x'));
    expect(kept!.headers).toMatchObject({ ce_id: '1', 'dlq-reason': 'malformed', 'orig-offset': '4' });
    expect(Number(kept!.headers['dlq-cut'])).toBeGreaterThan(3_000_000);
  });

  it('leaves out headers that are too large and keeps those that name the event', () => {
    const headers = { big: 'h'.repeat(3_000_000), ce_id: '1', trace: null };
    const cut = truncateRecord({ topic: 't', key: 'k'.repeat(2_000_000), value: 'v', headers });
    expect(cut.headers).toEqual({ ce_id: '1', trace: null, 'dlq-cut': expect.any(String) });
    expect(sizeOfRecord(cut)).toBeLessThan(LIMIT);
  });
});

describe('createRetryQueue', () => {
  it('leaves out what no reader of ours looks at when Kafka finds the record too large', async () => {
    const publisher = refusing();
    const value = JSON.stringify({ ...CALL, unknown: 'u'.repeat(3_000_000) });
    const large = record(value, { trace: 't'.repeat(300_000) });
    await createRetryQueue(publisher, '').put(large, 'notify-retry-10s', { 'retry-attempts': '1' });
    const [put] = publisher.sent;
    expect(JSON.parse(String(put!.value))).toEqual(CALL);
    expect(put!.headers).toMatchObject({ ce_id: '1', 'retry-attempts': '1', 'orig-offset': '4' });
    expect(put!.headers).not.toHaveProperty('trace');
  });
});
