import type { RawRecord } from '#events';
import { handledMark, type Handling } from '#kafka';
import { deadLetterOf, deadLettersOf, selectDeadLetters } from '#operations';
import { deadLetterLine, describeDeadLetter } from './describe-dead-letter.ts';

const NOW = Date.parse('2026-11-21T10:00:00+09:00');

function deadRecord(more: Partial<RawRecord> = {}, headers: RawRecord['headers'] = {}): RawRecord {
  return {
    topic: 'notify-dlq',
    partition: 3,
    offset: '9',
    key: Buffer.from('0312345678'),
    value: Buffer.from('{}'),
    timestamp: NOW,
    headers: {
      ce_id: Buffer.from('e-1'),
      ce_type: Buffer.from('call.v1'),
      'dlq-id': Buffer.from('00112233aabbccdd'),
      'dlq-reason': Buffer.from('malformed'),
      'dlq-error': Buffer.from('value: expected JSON'),
      'dlq-attempts': Buffer.from('0'),
      'dlq-at': Buffer.from('2026-11-21T00:59:00.000Z'),
      'orig-topic': Buffer.from('stage.call-events'),
      'orig-partition': Buffer.from('7'),
      'orig-offset': Buffer.from('12'),
      ...headers,
    },
    ...more,
  };
}

const described = (record: RawRecord): string =>
  describeDeadLetter(deadLetterOf(record), 'stage.', NOW).join('\n');

describe('a dead letter', () => {
  it('is one line of the list', () => {
    expect(deadLetterLine(deadLetterOf(deadRecord()))).toBe(
      '00112233aabbccdd  2026-11-21T09:59:00+09:00  malformed  stage.call-events/7/12  e-1  value: expected JSON',
    );
  });

  it('is selected by reason and time; of several copies the last counts', () => {
    const at = (time: string, id: string, reason = 'malformed', offset = '1') =>
      deadLetterOf(
        deadRecord({ offset }, { 'dlq-at': `2026-11-21T${time}:00Z`, 'dlq-id': id, 'dlq-reason': reason }),
      );
    const letters = [
      at('03:00', 'c'),
      at('01:00', 'a', 'in-doubt'),
      at('02:00', 'b'),
      at('02:30', 'b', 'malformed', '2'),
    ];
    const ids = (filter: Parameters<typeof selectDeadLetters>[1]): string[] =>
      selectDeadLetters(letters, filter).map(({ id, record }) => `${id}${record.offset}`);
    expect(ids({})).toEqual(['a1', 'b2', 'c1']);
    expect(ids({ reason: 'in-doubt' })).toEqual(['a1']);
    expect(ids({ since: Date.parse('2026-11-21T02:30Z') })).toEqual(['b2', 'c1']);
    expect(ids({ until: Date.parse('2026-11-21T02:00Z') })).toEqual(['a1', 'b1']);
  });

  it('is shown with its headers, its value and all of its problems', () => {
    const text = described(deadRecord({ value: Buffer.from('{"caller":{"number":"09012345678"}}') }));
    expect(text).toContain('  ce_id: e-1');
    expect(text).toContain('      "number": "09012345678"');
    expect(text).toMatch(/ {2}data\.calledNumber: .*\n/);
    expect(text).toContain('  headers.ce_time: ');
  });

  it('O5 shows no secret, sealed or not', () => {
    const origin = { 'orig-topic': 'stage.access-mails' };
    const sealed = 'v1.key.AAAA.BBBB.CCCC';
    const value = { kind: 'test', sealed, secret: { code: '987654' }, link: 'https://example.jp/x?y' };
    const text = described(deadRecord({ value: Buffer.from(JSON.stringify(value)) }, origin));
    expect(text).toContain(sealed);
    expect(text).not.toMatch(/987654|example\.jp/);
    const garbage = described(deadRecord({ value: Buffer.from('{"code":"987654"') }, origin));
    expect(garbage).not.toContain('987654');
    expect(garbage).toContain('not shown');
  });

  it('is shown whatever its bytes are, without terminal control characters', () => {
    const text = described(
      deadRecord(
        { key: Buffer.from([0xff, 0x00]), value: Buffer.from([0xfe]) },
        { evil: 'a\u001b[2J\u202eb', none: undefined },
      ),
    );
    expect(text).toContain('0xff00');
    expect(text).toContain('  0xfe');
    expect(text).toContain('evil: a\\u{1b}[2J\\u{202e}b');
    expect(described(deadRecord({ value: null }))).toContain('tombstone');
  });

  it('names its event in structured mode, too', () => {
    const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8', ce_id: undefined };
    const named = deadRecord({ value: Buffer.from('{"id":"e-2","source":"/s"}') }, structured);
    expect(deadLetterOf(named).event).toEqual({ id: 'e-2', source: '/s' });
    for (const value of ['null', '{', '{"id":1}']) {
      expect(deadLetterOf(deadRecord({ value: Buffer.from(value) }, structured)).event.id).toBe('');
    }
  });

  it('when cut, tells its original size and offers no replay', () => {
    const cut = deadRecord(
      { value: Buffer.from('{"lineNumber":"03') },
      { 'dlq-cut': Buffer.from('3000123') },
    );
    expect(deadLetterLine(deadLetterOf(cut))).toContain('  cut, had 3000123 bytes  ');
    const text = described(cut);
    expect(text).toContain('only its beginning is kept, it had 3000123 bytes');
    expect(text).toContain('cannot be replayed');
    expect(text).not.toContain('dlq replay');
  });

  it('shows a header without a value as such', () => {
    expect(described(deadRecord({}, { trace: null }))).toContain('  trace: (no value)');
  });

  it('that no notifier wrote is named by partition and offset', () => {
    const letter = deadLetterOf(deadRecord({ headers: {} }));
    expect(letter).toMatchObject({ id: '3/9', reason: 'unknown', at: NOW });
    expect(describeDeadLetter(letter, '', NOW).join('\n')).toContain('did not come by a topic of events');
  });
});

describe('a dead letter that is waiting', () => {
  const letter = (offset: string, id: string, headers: RawRecord['headers'] = {}): RawRecord =>
    deadRecord({ offset }, { 'dlq-id': id, ...headers });
  const mark = (record: RawRecord, how: Handling, offset: string): RawRecord => {
    const { headers } = handledMark(record, how, new Date(NOW));
    return deadRecord({ offset, value: null, headers: headers as RawRecord['headers'] });
  };
  const waiting = (...records: readonly RawRecord[]): string[] =>
    selectDeadLetters(deadLettersOf(records), { waiting: true }).map(({ id }) => id);

  it('is one without a mark after it', () => {
    const [one, other] = [letter('1', 'a'), letter('2', 'b')];
    expect(waiting(one, other)).toEqual(['a', 'b']);
    expect(waiting(one, other, mark(one, 'replayed', '3'))).toEqual(['b']);
    expect(waiting(one, other, mark(other, 'closed', '3'))).toEqual(['a']);
    expect(deadLettersOf([one, mark(one, 'closed', '3')])).toMatchObject([
      { id: 'a', handled: { how: 'closed', at: NOW } },
    ]);
  });

  it('is a copy that came after the mark', () => {
    const one = letter('1', 'a');
    expect(waiting(one, mark(one, 'replayed', '2'), letter('3', 'a'))).toEqual(['a']);
    const elsewhere = { ...letter('1', 'a'), partition: 5 };
    expect(waiting(one, elsewhere, mark(one, 'replayed', '2'))).toEqual(['a']);
  });

  it('is not one without an id that was closed', () => {
    const [one, other] = ['1', '2'].map((offset) => deadRecord({ offset, headers: {} }));
    expect(waiting(one!, other!)).toEqual(['3/1', '3/2']);
    expect(waiting(one!, other!, mark(one!, 'closed', '3'))).toEqual(['3/2']);
  });

  it('is the dead letter that a replay became, even when the command died before writing its mark', () => {
    const one = letter('1', 'a');
    expect(waiting(one, letter('2', 'b', { replay: 'a' }))).toEqual(['b']);
  });

  it("is one whose source record had a mark's header", () => {
    expect(waiting(letter('1', 'a', { 'dlq-handled': 'closed' }))).toEqual(['a']);
  });
});
