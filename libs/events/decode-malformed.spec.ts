import { decode } from './decode.ts';
import { CALL, CODE_MAIL, FAULT, FAX } from './testing/samples.ts';
import { AT_MS, call, MINUTE, paths, record, structured, withHeaders } from './testing/decode-records.ts';

describe('decode: what is malformed, by its path', () => {
  it.each([
    ['a number with a hyphen', { lineNumber: '03-1234-5678' }, 'data.lineNumber'],
    ['full-width digits', { calledNumber: '０３１２３４５６７８' }, 'data.calledNumber'],
    ['a number as a number', { lineNumber: 312345678 }, 'data.lineNumber'],
    ['an empty number', { lineNumber: '' }, 'data.lineNumber'],
    ['a plus inside a number', { caller: { number: '0+1' } }, 'data.caller.number'],
    ['a plus alone', { caller: { number: '+' } }, 'data.caller.number'],
    ['a line end behind a number', { caller: { number: '0901\n' } }, 'data.caller.number'],
    ['both number and withheld', { caller: { number: '0901', withheld: 'P' } }, 'data.caller'],
    ['neither number nor withheld', { caller: {} }, 'data.caller'],
    ['an unknown reason for withholding', { caller: { withheld: 'X' } }, 'data.caller.withheld'],
    ['a caller that is text', { caller: '0901' }, 'data.caller'],
    ['a caller that is null', { caller: null }, 'data.caller'],
    ['a time without offset', { startedAt: '2026-11-21T10:00:00' }, 'data.startedAt'],
    ['a time as a number', { startedAt: 5 }, 'data.startedAt'],
    ['a negative ring', { ringSeconds: -1 }, 'data.ringSeconds'],
    ['half a second of ring', { ringSeconds: 1.5 }, 'data.ringSeconds'],
    ['an unknown outcome', { outcome: 'lost' }, 'data.outcome'],
    ['an inherited name for an outcome', { outcome: 'constructor' }, 'data.outcome'],
    ['an unknown refusal', { refusedBy: 'me' }, 'data.refusedBy'],
  ])('%s', (_, change, path) => {
    expect(paths(call(change))).toEqual([path]);
  });

  it('names a missing field as missing', () => {
    const { outcome: _, ...data } = CALL;
    expect(decode(record('call.v1', data))).toMatchObject({
      problems: [{ path: 'data.outcome', code: 'missing' }],
    });
  });

  it('a fault of no number, or of a wrong one', () => {
    expect(paths(record('fault.v1', { ...FAULT, numbers: [] }))).toEqual(['data.numbers']);
    expect(paths(record('fault.v1', { ...FAULT, numbers: ['03', 'x'] }))).toEqual(['data.numbers.1']);
  });

  it('a time more than 5 minutes ahead of the record’s own timestamp', () => {
    const at = (ms: number) => new Date(AT_MS + ms).toISOString();
    expect(paths(call({ startedAt: at(5 * MINUTE) }))).toEqual([]);
    expect(paths(call({ startedAt: at(5 * MINUTE + 1) }))).toEqual(['data.startedAt']);
    expect(paths(withHeaders({ ce_time: at(6 * MINUTE) }))).toEqual(['headers.ce_time']);
    expect(paths(record('fax.v1', { ...FAX, receivedAt: at(6 * MINUTE) }))).toEqual(['data.receivedAt']);
    expect(paths(record('recovery.v1', { ...FAULT, at: at(6 * MINUTE) }))).toEqual(['data.at']);
    expect(paths(record('access-mail.v1', { ...CODE_MAIL, issuedAt: at(6 * MINUTE) }))).toEqual([
      'data.issuedAt',
    ]);
    expect(paths(record('access-mail.v1', { ...CODE_MAIL, expiresAt: at(24 * 60 * MINUTE) }))).toEqual([]);
    expect(paths(call({}, { timestamp: -1 }))).toEqual([]);
  });

  it('but not in a retry topic, whose timestamps are those of our own clock', () => {
    const late = { startedAt: new Date(AT_MS + 60 * MINUTE).toISOString() };
    expect(paths(call(late))).toEqual(['data.startedAt']);
    expect(paths(call(late, { topic: 'notify-retry-10s' }))).toEqual([]);
  });

  it.each([
    ['two addresses', { recipient: 'a@example.jp,b@example.jp' }, 'data.recipient'],
    ['a name beside the address', { recipient: 'A <a@example.jp>' }, 'data.recipient'],
    ['an address with a command', { recipient: 'a@example.jp\r\nRCPT TO:<b@c.jp>' }, 'data.recipient'],
    ['an address over 254 octets', { recipient: `a@${'b'.repeat(250)}.jp` }, 'data.recipient'],
    ['two @', { recipient: 'a@b@example.jp' }, 'data.recipient'],
    ['a path for a brand', { brand: '../ntt-east' }, 'data.brand'],
    ['an unknown kind', { kind: 'greeting' }, 'data.kind'],
    ['a secret in the open', { sealed: '{"code":"123456"}' }, 'data.sealed'],
    ['no secret', { sealed: undefined }, 'data.sealed'],
    ['no end of its validity', { expiresAt: undefined }, 'data.expiresAt'],
  ])('O5 an access mail with %s', (_, change, path) => {
    expect(paths(record('access-mail.v1', { ...CODE_MAIL, ...change }))).toEqual([path]);
  });

  it('C13 keeps the old addresses that the RFC forbids', () => {
    for (const recipient of ['a..b@docomo.example.jp', '.a.@ezweb.example.jp', "!$%'*+/?^#@example.jp"]) {
      expect(paths(record('access-mail.v1', { ...CODE_MAIL, recipient }))).toEqual([]);
    }
  });

  it.each([
    ['a tombstone', null],
    ['nothing', Buffer.alloc(0)],
    ['no JSON', Buffer.from('{"lineNumber":')],
    ['a byte order mark', Buffer.from(`\ufeff${JSON.stringify(CALL)}`)],
    ['UTF-16', Buffer.from(JSON.stringify(CALL), 'utf16le')],
    ['broken UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xe3, 0x81), Buffer.from('"}')])],
  ])('%s for a value', (_, value) => {
    expect(paths(call({}, { value }))).toEqual(['value']);
  });

  it('says which of them it is: no JSON, or a byte order mark before it', () => {
    const message = (text: string): unknown => {
      const decoded = decode(call({}, { value: Buffer.from(text) }));
      return 'problems' in decoded ? decoded.problems.map((problem) => problem.message) : [];
    };
    expect(message('{"lineNumber":')).toEqual(['expected JSON']);
    expect(message(`\ufeff${JSON.stringify(CALL)}`)).toEqual(['expected JSON without a byte order mark']);
  });

  it.each(['null', '[]', '"text"', '5', 'true'])('%s for data', (json) => {
    expect(paths(call({}, { value: Buffer.from(json) }))).toEqual(['data']);
  });

  it.each(['null', '[]', '"text"', '5'])('%s for a structured event', (json) => {
    expect(paths({ ...structured({}), value: Buffer.from(json) })).toContain('value');
  });

  it('a prototype in the value gives no field', () => {
    const value = Buffer.from(`{"__proto__":${JSON.stringify(CALL)}}`);
    expect(paths(call({}, { value }))).toContain('data.lineNumber');
    expect(paths({ ...structured({}), value: Buffer.from(`{"__proto__":{"id":"x"}}`) })).toContain(
      'value.id',
    );
    expect(Object.hasOwn(Object.prototype, 'lineNumber')).toBe(false);
  });

  it('a value nested without end, which must not exhaust the stack', () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    expect(paths(call({}, { value: Buffer.from(deep) }))).toEqual(['data']);
    const value = JSON.stringify(CALL).replace('}', `,"deep":${deep}}`);
    expect(paths(call({}, { value: Buffer.from(value) })).every((path) => path === 'value')).toBe(true);
  });

  it.each([
    ['ce_specversion', '0.3'],
    ['ce_id', ''],
    ['ce_id', 'a\nb'],
    ['ce_id', Buffer.of(0xff)],
    ['ce_id', 'x'.repeat(1025)],
    ['ce_id', '𠮷'.repeat(1025)],
    ['ce_source', ''],
    ['ce_type', 'call.v2'],
    ['ce_type', 'toString'],
    ['ce_time', '21.11.2026'],
    ['content-type', 'text/plain'],
    ['content-type', 'application/json; charset=shift_jis'],
    ['content-type', 'application/cloudevents-batch+json'],
  ])('%s that is wrong', (name, value) => {
    expect(paths(withHeaders({ [name]: value }))).toEqual([`headers.${name}`]);
  });

  it.each(['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'content-type'])(
    '%s that is missing, or there twice',
    (name) => {
      const path = `headers.${name}`;
      expect(decode(withHeaders({ [name]: undefined }))).toMatchObject({
        problems: [{ path, code: 'missing' }],
      });
      const good = call({}).headers[name] as string;
      const twice = withHeaders({ [name]: [good, Buffer.from(good)] });
      expect(decode(twice)).toMatchObject({ problems: [{ path, code: 'repeated' }] });
    },
  );

  it('a header without a value', () => {
    expect(paths(withHeaders({ ce_id: null as never, 'content-type': [null as never] }))).toEqual([
      'headers.content-type',
      'headers.ce_id',
    ]);
  });

  it.each([
    [{ specversion: '1.1' }, 'value.specversion'],
    [{ id: 7 }, 'value.id'],
    [{ source: '' }, 'value.source'],
    [{ type: 'fax.v1' }, 'value.type'],
    [{ time: undefined }, 'value.time'],
    [{ data: undefined, data_base64: 'e30' }, 'data'],
    [{ data: { ...CALL, outcome: 'x' } }, 'data.outcome'],
    [{ datacontenttype: 'application/xml' }, 'value.datacontenttype'],
  ])('structured mode with %j', (change, path) => {
    expect(paths(structured(change))).toEqual([path]);
  });

  it('a topic that is not read', () => {
    expect(paths(call({}, { topic: 'notify-dlq' }))).toEqual(['topic']);
    expect(paths(call({}, { topic: 'constructor' }))).toEqual(['topic']);
  });

  it('names all faults of a record at once, 20 at most', () => {
    const many = { ...call({ lineNumber: 'x', outcome: 'y' }), headers: { ce_type: 'call.v1' } };
    expect(paths(many).toSorted()).toEqual([
      'data.lineNumber',
      'data.outcome',
      'headers.ce_id',
      'headers.ce_source',
      'headers.ce_specversion',
      'headers.ce_time',
      'headers.content-type',
    ]);
    const numbers = Array.from({ length: 5000 }, () => 'x');
    expect(paths(record('fault.v1', { ...FAULT, numbers }))).toHaveLength(20);
  });
});
