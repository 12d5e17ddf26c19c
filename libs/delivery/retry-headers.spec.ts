import type { RawRecord } from '#events';
import { duePart, header } from './retry-headers.ts';

const NOW = 1_795_000_000_000;
const DELAY_MS = 10_000;

/** A record of `notify-retry-10s`, written and due at these times after now. */
function waiting(writtenMs: number, notBeforeMs: number): RawRecord {
  return {
    topic: 'notify-retry-10s',
    partition: 0,
    offset: '0',
    key: null,
    value: null,
    headers: { 'retry-not-before': String(NOW + notBeforeMs) },
    timestamp: NOW + writtenMs,
  };
}

const part = (...records: RawRecord[]) => duePart({ topic: 'notify-retry-10s', records }, NOW);

describe('header', () => {
  it('takes a header without a value, which Kafka has as null, for absent', () => {
    const headers = { replay: null, repeated: ['a', null] } as unknown as RawRecord['headers'];
    expect(header(headers, 'replay')).toBeUndefined();
    expect(header(headers, 'repeated')).toBeUndefined();
  });
});

describe('duePart', () => {
  it('ends before the first record that is not due and says when it will be', () => {
    const due = waiting(-DELAY_MS, 0);
    const early = waiting(-4_000, 6_000);
    expect(part(due, early, due)).toEqual({ due: [due], resumeAt: NOW + 6_000 });
  });

  it('lets no record wait longer than its topic’s delay from when it was written', () => {
    expect(part(waiting(-4_000, 3_600_000)).resumeAt).toBe(NOW + 6_000);
  });

  it('does not wait an hour for what a clock wrote that is an hour ahead of ours', () => {
    const ahead = waiting(3_600_000, 3_600_000 + DELAY_MS);
    expect(part(ahead)).toEqual({ due: [ahead] });
  });

  it('waits for what a clock wrote that is a little ahead of ours', () => {
    expect(part(waiting(3_000, 3_000 + DELAY_MS)).resumeAt).toBe(NOW + 3_000 + DELAY_MS);
  });
});
