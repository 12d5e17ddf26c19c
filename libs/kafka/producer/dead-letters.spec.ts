import type { RawRecord } from '#events';
import { KafkaError, type KafkaErrorCode } from '../kafkajs/kafka-error.ts';
import { createDeadLetters } from './dead-letters.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import { createRetryQueue } from './retry-queue.ts';
import { collecting, type Collecting } from './testing/collecting.ts';

const record: RawRecord = {
  topic: 'call-events',
  partition: 7,
  offset: '9007199254740993',
  key: Buffer.from([0xff, 0x00]),
  value: Buffer.from([0xc3, 0x28]),
  headers: { ce_id: Buffer.from('1'), trace: [Buffer.from('a'), Buffer.from([0xfe])] },
  timestamp: 1_795_000_000_000,
};

const AT = '2026-11-21T10:00:00+09:00';
const CALL_RECORD: RawRecord = {
  ...record,
  headers: {
    ce_specversion: '1.0',
    ce_id: 'e',
    ce_source: '/s',
    ce_type: 'call.v1',
    ce_time: AT,
    'content-type': 'application/json',
  },
  value: Buffer.from(
    JSON.stringify({
      lineNumber: '0312345678',
      calledNumber: '0312345678',
      caller: { number: '09012345678' },
      startedAt: AT,
      ringSeconds: 12,
      outcome: 'unanswered',
    }),
  ),
};

/** Refuses the first record that it is given with such an error, and takes the others. */
function refusingOnce(code: KafkaErrorCode): Collecting {
  let refused = false;
  return collecting(() => {
    if (refused) return;
    refused = true;
    throw new KafkaError(code, 'Kafka: refused', { retryable: false });
  });
}

/** A record of a retry topic as it is read back, with what the queue added. */
function readBack({ topic, key, value, headers }: OutgoingRecord): RawRecord {
  return {
    topic,
    partition: 1,
    offset: '4',
    key: key as Buffer,
    value: value as Buffer,
    headers,
    timestamp: 1_795_000_010_000,
  };
}

describe('createDeadLetters', () => {
  it('keeps key, bytes and headers as they came and says why and from where', async () => {
    const publisher = collecting();
    await createDeadLetters(publisher, 'stage-').keep(
      record,
      'malformed',
      'data.caller: expected an object',
      3,
    );
    const [kept] = publisher.sent;
    expect(kept).toMatchObject({ topic: 'notify-dlq', key: record.key, value: record.value });
    expect(kept!.headers).toMatchObject({
      ...record.headers,
      'dlq-reason': 'malformed',
      'dlq-error': 'data.caller: expected an object',
      'dlq-attempts': '3',
      'orig-topic': 'stage-call-events',
      'orig-partition': '7',
      'orig-offset': '9007199254740993',
      'orig-timestamp': '1795000000000',
    });
  });

  it('gives the same record the same id, and another record another', async () => {
    const publisher = collecting();
    const letters = createDeadLetters(publisher, '');
    await letters.keep(record, 'malformed', 'x', 0);
    await letters.keep({ ...record }, 'internal-error', 'y', 1);
    await letters.keep({ ...record, offset: '5' }, 'malformed', 'x', 0);
    const ids = publisher.sent.map(({ headers }) => headers['dlq-id']);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('names the first origin of a record that comes from a retry topic', async () => {
    const publisher = collecting();
    await createRetryQueue(publisher, 'stage-').put(record, 'notify-retry-10s', {});
    await createDeadLetters(publisher, 'stage-').keep(
      readBack(publisher.sent[0]!),
      'in-doubt',
      'cut off twice',
      2,
    );
    expect(publisher.sent[1]!.headers).toMatchObject({
      'orig-topic': 'stage-call-events',
      'orig-partition': '7',
      'orig-offset': '9007199254740993',
      'orig-timestamp': '1795000000000',
    });
    await createDeadLetters(publisher, 'stage-').keep(record, 'in-doubt', 'another recipient', 0);
    expect(publisher.sent[2]!.headers['dlq-id']).toBe(publisher.sent[1]!.headers['dlq-id']);
  });

  it('does not believe an origin that a source’s record brings along', async () => {
    const publisher = collecting();
    const forged = { ...record, headers: { 'orig-topic': 'elsewhere', 'orig-offset': '1' } };
    await createDeadLetters(publisher, '').keep(forged, 'malformed', 'x', 0);
    expect(publisher.sent[0]!.headers).toMatchObject({
      'orig-topic': 'call-events',
      'orig-offset': record.offset,
    });
  });
});

describe('createDeadLetters, when Kafka refuses one', () => {
  it.each(['too-large', 'kafka'] as const)('keeps it cut when the reason is the record: %s', async (code) => {
    const publisher = refusingOnce(code);
    await createDeadLetters(publisher, '').keep(record, 'malformed', 'x', 0);
    expect(publisher.sent).toEqual([
      expect.objectContaining({ headers: expect.objectContaining({ 'dlq-cut': expect.anything() }) }),
    ]);
  });

  it('cuts nothing when every record is refused', async () => {
    const publisher = refusingOnce('not-authorized');
    const kept = createDeadLetters(publisher, '').keep(record, 'malformed', 'x', 0);
    await expect(kept).rejects.toMatchObject({ code: 'not-authorized' });
    expect(publisher.sent).toEqual([]);
  });
});

describe('createRetryQueue', () => {
  it.each([
    [3, 3],
    [1024, 1024],
    [1025, undefined],
  ])(
    'keeps the partition of an event that it has to make smaller, by a key of %d bytes',
    async (bytes, kept) => {
      const publisher = refusingOnce('too-large');
      const large = { ...CALL_RECORD, key: Buffer.alloc(bytes, 'k') };
      await createRetryQueue(publisher, '').put(large, 'notify-retry-10s', {});
      expect(publisher.sent[0]?.key?.length).toBe(kept);
    },
  );

  it('keeps key, bytes and headers, adds the given ones and where it came from', async () => {
    const publisher = collecting();
    await createRetryQueue(publisher, 'stage-').put(record, 'notify-retry-1m', { 'retry-attempts': '1' });
    expect(publisher.sent).toEqual([
      {
        topic: 'notify-retry-1m',
        key: record.key,
        value: record.value,
        headers: {
          ...record.headers,
          'retry-attempts': '1',
          'orig-topic': 'stage-call-events',
          'orig-partition': '7',
          'orig-offset': '9007199254740993',
          'orig-timestamp': '1795000000000',
        },
      },
    ]);
  });

  it('replaces headers of the same name and keeps the first origin from retry to retry', async () => {
    const publisher = collecting();
    const queue = createRetryQueue(publisher, 'stage-');
    await queue.put(record, 'notify-retry-10s', { 'retry-attempts': '1' });
    await queue.put(readBack(publisher.sent[0]!), 'notify-retry-1m', { 'retry-attempts': '2' });
    expect(publisher.sent[1]!.headers).toMatchObject({
      'retry-attempts': '2',
      'orig-topic': 'stage-call-events',
      'orig-offset': '9007199254740993',
    });
  });
});
