import { decode } from '#events';
import { readEventFile } from './event-file.ts';

const NOW = Date.parse('2026-11-21T10:00:30+09:00');
const CALL = {
  lineNumber: '+81312345678',
  calledNumber: '0312345679',
  caller: { withheld: 'P' },
  startedAt: '2026-11-21T10:00:00+09:00',
  ringSeconds: 12,
  outcome: 'busy',
};

function read(...lines: unknown[]): ReturnType<typeof readEventFile> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return readEventFile(text, '/switch/test', NOW);
}

describe('readEventFile', () => {
  it('makes a record of each line that the notifier can read, keyed by the line number', () => {
    const { events, faults } = read({ type: 'call.v1', data: CALL }, '', {
      type: 'call.v1',
      id: 'mine',
      data: CALL,
    });
    expect(faults).toEqual([]);
    expect(events.map(({ topic, key }) => [topic, key?.toString()])).toEqual([
      ['call-events', '0312345678'],
      ['call-events', '0312345678'],
    ]);
    const decoded = events.map((event) => decode({ partition: 0, offset: '0', timestamp: NOW, ...event }));
    expect(decoded).toMatchObject([
      { ok: true, event: { source: '/switch/test' } },
      { ok: true, event: { source: '/switch/test', id: 'mine' } },
    ]);
  });

  it('reads a file with a byte order mark and CRLF, as Windows editors write it', () => {
    const line = JSON.stringify({ type: 'call.v1', data: CALL });
    const { events, faults } = readEventFile(`\uFEFF${line}\r\n${line}\r\n`, '/switch/test', NOW);
    expect(faults).toEqual([]);
    expect(events).toHaveLength(2);
  });

  it('takes a whole CloudEvent as it is', () => {
    const whole = { specversion: '1.0', id: 'e', source: '/other', time: '2026-11-21T10:00:01.5+09:00' };
    const [event] = read({ ...whole, type: 'call.v1', data: CALL }).events;
    expect(event?.headers).toMatchObject({
      ce_id: 'e',
      ce_source: '/other',
      ce_time: '2026-11-21T01:00:01.500Z',
    });
  });

  it('keys an access mail by its number', () => {
    const data = {
      kind: 'account-locked',
      number: '0312345679',
      brand: 'ntt-east',
      recipient: 'a@example.jp',
      issuedAt: '2026-11-21T10:00:00+09:00',
    };
    const [event] = read({ type: 'access-mail.v1', data }).events;
    expect([event?.topic, event?.key?.toString()]).toEqual(['access-mails', '0312345679']);
  });

  it.each([
    ['no JSON', 'nothing', 'line 2: expected an event as a JSON object'],
    ['no object', '5', 'line 2: expected an event as a JSON object'],
    [
      'an unknown type',
      { type: 'outcomes.v1' },
      'line 2: type: expected one of call.v1, fax.v1, fault.v1, recovery.v1, access-mail.v1',
    ],
    ['no data', { type: 'call.v1' }, 'line 2: data: expected an object'],
    ['a wrong id', { type: 'call.v1', id: 5, data: CALL }, 'line 2: id: expected string, received number'],
    [
      'a time far ahead',
      { type: 'call.v1', data: { ...CALL, startedAt: '2026-11-21T10:06:00+09:00' } },
      'line 2: data.startedAt: expected a time at most 5 minutes ahead of the record’s own timestamp',
    ],
  ])('names the line of %s and what was expected', (_, line, fault) => {
    expect(read({ type: 'call.v1', data: CALL }, line).faults).toEqual([fault]);
  });
});
