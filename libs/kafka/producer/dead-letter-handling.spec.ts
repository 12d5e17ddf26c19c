import type { RawRecord } from '#events';
import { createDeadLetters } from './dead-letters.ts';
import { replayOf } from './dead-letter-handling.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import { createRetryQueue } from './retry-queue.ts';

const record: RawRecord = {
  topic: 'call-events',
  partition: 7,
  offset: '12',
  key: Buffer.from([0xff, 0x00]),
  value: Buffer.from([0xc3, 0x28]),
  headers: { ce_id: Buffer.from('1'), trace: [Buffer.from('a'), Buffer.from([0xfe])] },
  timestamp: 1_795_000_000_000,
};

/** The record after a stay in a retry topic and in the dead letters. */
async function deadLetter(of: RawRecord = record): Promise<RawRecord> {
  const sent: OutgoingRecord[] = [];
  const publisher = {
    publish: async (records: readonly OutgoingRecord[]): Promise<void> => void sent.push(...records),
  };
  const readBack = ({ topic, headers }: OutgoingRecord): RawRecord => ({
    ...of,
    topic,
    headers,
    offset: '4',
  });
  await createRetryQueue(publisher, 'stage-').put(of, 'notify-retry-10s', { 'retry-attempts': '1' });
  await createDeadLetters(publisher, 'stage-').keep(readBack(sent[0]!), 'in-doubt', 'no answer', 1);
  return readBack(sent[1]!);
}

describe('replayOf', () => {
  it('is the record as it first came, with the id of the dead letter', async () => {
    const dead = await deadLetter();
    expect(replayOf(dead, 'stage-')).toEqual({
      record: {
        topic: 'call-events',
        key: record.key,
        value: record.value,
        headers: { ...record.headers, replay: dead.headers['dlq-id'] },
      },
    });
  });

  it('brings back a record whose source gave it a header dlq-cut, and not one that is cut', async () => {
    const dead = await deadLetter({ ...record, headers: { ...record.headers, 'dlq-cut': '9' } });
    expect(dead.headers['dlq-cut']).toBeUndefined();
    expect(replayOf(dead, 'stage-')).toMatchObject({ record: { headers: record.headers } });
    const cut = { ...dead, headers: { ...dead.headers, 'dlq-cut': '3000123' } };
    expect(replayOf(cut, 'stage-')).toEqual({ problem: expect.stringContaining('of 3000123 bytes') });
  });

  it('names the newest dead letter when a replay has failed', async () => {
    const dead = await deadLetter({ ...record, headers: { ...record.headers, replay: 'older' } });
    expect(replayOf(dead, 'stage-')).toMatchObject({
      record: { headers: { replay: dead.headers['dlq-id'] } },
    });
  });

  it.each([
    ['another installation', { 'orig-topic': 'live-call-events', 'dlq-id': 'x' }, 'live-call-events'],
    ['no topic of events', { 'orig-topic': 'stage-notify-retry-10s', 'dlq-id': 'x' }, 'notify-retry-10s'],
    ['nowhere', { 'dlq-id': 'x' }, 'no topic'],
    ['no dead letter', { 'orig-topic': 'stage-call-events' }, 'dlq-id'],
  ])('refuses what came by %s', (_, headers, problem) => {
    expect(replayOf({ ...record, headers }, 'stage-')).toEqual({ problem: expect.stringContaining(problem) });
  });
});
