import { encodeEvent, OUTCOMES_TOPIC, type RawRecord } from '#events';
import { Acknowledged } from './acknowledged.ts';

const record = (topic: string, value: unknown, headers: RawRecord['headers'] = {}): RawRecord => ({
  topic,
  partition: 0,
  offset: '0',
  key: null,
  headers,
  timestamp: 0,
  value: Buffer.from(JSON.stringify(value)),
});
const structured = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };
const logOf = (...records: RawRecord[]) => ({
  read: (topic: string) => Promise.resolve(records.filter((one) => one.topic === topic)),
});

describe('what Kafka acknowledged', () => {
  it('is missing when its topic does not hold it', async () => {
    const acknowledged = new Acknowledged();
    for (const id of ['a', 'b', 'c']) acknowledged.add('call-events', id);
    acknowledged.add('fax-events', 'a');
    const log = logOf(
      record('call-events', {}, { ce_id: 'a' }),
      record('call-events', { id: 'b' }, structured),
      record('call-events', 'poison'),
    );
    expect(await acknowledged.missingIn(log)).toEqual([
      'c: acknowledged, but not in call-events',
      'a: acknowledged, but not in fax-events',
    ]);
  });

  it('finds every outcome in a record that holds several', async () => {
    const acknowledged = new Acknowledged();
    for (const id of ['a', 'b', 'c']) acknowledged.add(OUTCOMES_TOPIC, id);
    const item = (eventId: string) => ({
      eventSource: '/s',
      eventId,
      sequence: 1,
      kind: 'call',
      number: '0312345678',
      lineNumber: null,
      at: '2026-11-21T00:00:00Z',
      reason: 'answered' as const,
      recipients: [],
    });
    const joined = encodeEvent({
      type: 'outcomes.v1',
      source: '/s',
      id: 'joined',
      time: 0,
      key: null,
      data: { items: [item('a'), item('b')] },
    });
    const log = logOf({ ...joined, partition: 0, offset: '0', timestamp: 0 });
    expect(await acknowledged.missingIn(log)).toEqual([`c: acknowledged, but not in ${OUTCOMES_TOPIC}`]);
  });
});
