import fc from 'fast-check';
import { decode, decodeBulkTransfer, decodeOutcomes } from './decode.ts';
import { encodeEvent } from './encode-event.ts';
import { EVENT_TYPES, type EventType } from './event-types.ts';
import type { RawRecord } from './event.ts';
import { AT, CALL, CODE_MAIL, FAULT, FAX, LOCKED_MAIL } from './testing/samples.ts';

const AT_MS = Date.parse(AT);
const MINUTE = 60_000;

type Headers = RawRecord['headers'];

function record(type: EventType, data: unknown, change: Partial<RawRecord> = {}): RawRecord {
  const { topic, ...encoded } = encodeEvent({
    type,
    source: '/switch/1',
    id: 'e-1',
    time: AT_MS,
    key: null,
    data,
  } as never);
  return { topic, partition: 3, offset: '41', timestamp: AT_MS, ...encoded, ...change };
}

function call(change: object, more: Partial<RawRecord> = {}): RawRecord {
  return record('call.v1', { ...CALL, ...change }, more);
}

function withHeaders(change: Headers): RawRecord {
  const good = call({});
  return { ...good, headers: { ...good.headers, ...change } };
}

function structured(change: object, contentType = 'application/cloudevents+json'): RawRecord {
  const value = { specversion: '1.0', id: 'e-1', source: '/switch/1', type: 'call.v1', time: AT, data: CALL };
  return call(
    {},
    {
      headers: { 'content-type': contentType },
      value: Buffer.from(JSON.stringify({ ...value, ...change })),
    },
  );
}

function paths(malformed: RawRecord): string[] {
  const result = decode(malformed);
  return result.ok ? [] : result.problems.map(({ path }) => path);
}

describe('decode: what a good record becomes', () => {
  const base = { source: '/switch/1', id: 'e-1', at: AT_MS };

  it('reads a call', () => {
    const data = { refusedBy: 'number-request', forwarding: 'destination-busy' };
    const { startedAt: _, ...fields } = CALL;
    expect(decode(call(data))).toEqual({ ok: true, event: { kind: 'call', ...base, ...fields, ...data } });
  });

  it('reads a FAX', () => {
    const { receivedAt: _, ...fields } = FAX;
    expect(decode(record('fax.v1', FAX))).toEqual({ ok: true, event: { kind: 'fax', ...base, ...fields } });
  });

  it.each([
    ['fault.v1', 'fault'],
    ['recovery.v1', 'recovery'],
  ] as const)('reads a %s, with numbers or for all of the line', (type, kind) => {
    expect(decode(record(type, FAULT))).toEqual({ ok: true, event: { kind, ...base, ...FAULT, at: AT_MS } });
    const { numbers: _, ...wholeLine } = FAULT;
    const result = decode(record(type, wholeLine));
    expect(result).toEqual({ ok: true, event: { kind, ...base, ...wholeLine, at: AT_MS } });
    expect(result.ok && 'numbers' in result.event).toBe(false);
  });

  it('O1 O5 reads an access mail, its secret still sealed', () => {
    const { issuedAt: _, ...fields } = CODE_MAIL;
    expect(decode(record('access-mail.v1', CODE_MAIL))).toEqual({
      ok: true,
      event: { ...base, ...fields, expiresAt: AT_MS + 5 * MINUTE },
    });
  });

  it.each([
    ['O1', 'one-time-password', 5 * MINUTE],
    ['O2', 'address-registration', 24 * 60 * MINUTE],
    ['O3', 'two-step-code', 24 * 60 * MINUTE],
    ['O4', 'account-locked', 24 * 60 * MINUTE],
    ['C12', 'test', 24 * 60 * MINUTE],
  ])('%s takes no %s for valid longer than its kind may be', (_id, kind, life) => {
    const validFor = (ms: number): unknown => {
      const expiresAt = new Date(ms).toISOString();
      const result = decode(record('access-mail.v1', { ...CODE_MAIL, kind, expiresAt }));
      return result.ok && 'expiresAt' in result.event && result.event.expiresAt! - AT_MS;
    };
    expect(validFor(AT_MS + life - 1)).toBe(life - 1);
    expect(validFor(AT_MS + life + 1)).toBe(life);
    expect(validFor(Date.parse('9999-12-31T23:59:59Z'))).toBe(life);
  });

  it.each(['password-changed', 'address-changed', 'account-locked', 'test'])(
    'O4 reads a mail of kind %s without a secret and leaves a secret it must not have behind',
    (kind) => {
      const { issuedAt: _, ...fields } = LOCKED_MAIL;
      const event = { ...base, ...fields, kind };
      expect(decode(record('access-mail.v1', { ...LOCKED_MAIL, kind }))).toEqual({ ok: true, event });
      const sealed = decode(record('access-mail.v1', { ...LOCKED_MAIL, kind, sealed: CODE_MAIL.sealed }));
      expect(sealed).toEqual({ ok: true, event });
    },
  );

  it('reads +81… as 0…, wherever a number stands', () => {
    const result = decode(call({ lineNumber: '+81312345678', caller: { number: '+819012345678' } }));
    expect(result).toMatchObject({ event: { lineNumber: '0312345678', caller: { number: '09012345678' } } });
    const fault = decode(record('fault.v1', { ...FAULT, numbers: ['+81312345679', '+14155550100'] }));
    expect(fault).toMatchObject({ event: { numbers: ['0312345679', '+14155550100'] } });
  });

  it('reads structured mode as it reads binary mode', () => {
    expect(decode(structured({}))).toEqual(decode(call({})));
    expect(decode(structured({ datacontenttype: 'application/json; charset=UTF-8' })).ok).toBe(true);
    expect(decode(structured({}, 'Application/CloudEvents+JSON; charset=utf-8')).ok).toBe(true);
  });

  it('reads headers as bytes, as text, and as a list of one', () => {
    const plain = decode(call({}));
    expect(decode(withHeaders({ ce_id: Buffer.from('e-1'), ce_type: ['call.v1'] }))).toEqual(plain);
    expect(decode(withHeaders({ 'content-type': 'application/json; charset=utf-8' }))).toEqual(plain);
  });

  it('ignores unknown fields and headers, and the key', () => {
    const plain = decode(call({}));
    expect(decode(call({ trunk: 'T7', caller: { ...CALL.caller, name: 'x' } }))).toEqual(plain);
    expect(decode(withHeaders({ 'dlq-id': 'x', traceparent: ['a', 'b'] }))).toEqual(plain);
    expect(decode(call({}, { key: Buffer.from('not the line') }))).toEqual(plain);
  });

  it.each([
    ['notify-retry-10s', 'call.v1', CALL],
    ['notify-retry-1h', 'recovery.v1', FAULT],
    ['access-retry-5s', 'access-mail.v1', CODE_MAIL],
  ] as const)('reads on %s a %s of its lane', (topic, type, data) => {
    expect(paths(record(type, data, { topic }))).toEqual([]);
  });

  it.each([
    ['notify-retry-1m', 'access-mail.v1', CODE_MAIL],
    ['access-retry-30s', 'fax.v1', FAX],
    ['call-events', 'fax.v1', FAX],
    ['fault-events', 'call.v1', CALL],
  ] as const)('refuses on %s a %s, which belongs elsewhere', (topic, type, data) => {
    expect(paths(record(type, data, { topic }))).toEqual(['headers.ce_type']);
  });

  it.each(['x', '𠮷'])('reads an id of 1,024 characters, whatever octets they take (%s)', (character) => {
    expect(decode(withHeaders({ ce_id: character.repeat(1024) }))).toMatchObject({ ok: true });
  });
});

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

describe('decodeBulkTransfer and decodeOutcomes', () => {
  const command = { lineNumber: '0312345678', action: 'start', because: 'flt-77', at: AT } as const;
  const item = {
    eventSource: '/switch/1',
    eventId: 'e-1',
    sequence: 1,
    kind: 'call',
    number: '0312345678',
    lineNumber: null,
    at: AT,
    reason: 'notify',
    recipients: [{ address: 'a@example.jp', state: 'accepted', attempts: 1, response: '250 2.0.0 Ok' }],
  };

  it('R3 reads a command to the switch', () => {
    expect(decodeBulkTransfer(record('bulk-transfer.v1', command))).toEqual({
      ok: true,
      value: { ...command, at: AT_MS },
    });
    expect(decodeBulkTransfer(record('bulk-transfer.v1', { ...command, action: 'pause' }))).toMatchObject({
      problems: [{ path: 'data.action' }],
    });
  });

  it('reads outcomes, also with a reason it does not know yet', () => {
    const items = [item, { ...item, reason: 'from-tomorrow' }];
    expect(decodeOutcomes(record('outcomes.v1', { items }))).toEqual({ ok: true, value: { items } });
    expect(decodeOutcomes(record('outcomes.v1', { items: [{ ...item, sequence: 0 }] }))).toMatchObject({
      problems: [{ path: 'data.items.0.sequence' }],
    });
  });
});

describe('decode: properties', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const headerValue = fc.oneof(
    fc.string(),
    bytes,
    fc.array(fc.oneof(fc.string(), bytes)),
    fc.constant(undefined),
  );
  const garbageHeaders = fc.record(
    {
      ce_specversion: headerValue,
      ce_id: headerValue,
      ce_source: headerValue,
      ce_type: headerValue,
      'content-type': headerValue,
    },
    { requiredKeys: [] },
  );
  const topics = fc.constantFrom(...Object.values(EVENT_TYPES).map(({ topic }) => topic));
  const values = fc.oneof(
    bytes,
    fc.json().map((json) => Buffer.from(json)),
    fc.constant(null),
  );

  it('never throws, and finds at least one fault with a path in garbage', () => {
    fc.assert(
      fc.property(topics, values, garbageHeaders, fc.integer(), (topic, value, headers, timestamp) => {
        const result = decode({ ...call({}), topic, value, headers, timestamp });
        expect(result).toMatchObject({ ok: false });
        if (result.ok) return;
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { path, code, message } of result.problems)
          expect([path, code, message]).not.toContain('');
      }),
      { numRuns: 500 },
    );
  });

  it('finds garbage in the data of a good envelope, in every field', () => {
    const notes = { call: CALL, fax: FAX, fault: FAULT, code: CODE_MAIL };
    const types = { call: 'call.v1', fax: 'fax.v1', fault: 'fault.v1', code: 'access-mail.v1' } as const;
    const cases = fc
      .constantFrom(...(Object.keys(notes) as (keyof typeof notes)[]))
      .chain((name) =>
        fc.record({ name: fc.constant(name), field: fc.constantFrom(...Object.keys(notes[name])) }),
      );
    fc.assert(
      fc.property(cases, fc.stringMatching(/^~[^]{9,}$/), ({ name, field }, garbage) => {
        const found = paths(record(types[name], { ...notes[name], [field]: { garbage } }));
        expect(found.length).toBeGreaterThan(0);
        expect(found.every((path) => path.startsWith(`data.${field}`))).toBe(true);
      }),
    );
  });

  it('never tells a value in a problem', () => {
    const secret = 'hush-0901234';
    const leaves = fc.constantFrom(secret, [secret], { number: secret }, { [secret]: secret }, null, 5);
    const fields = [...new Set([CALL, FAX, FAULT, CODE_MAIL].flatMap((data) => Object.keys(data)))];
    const data = fc.dictionary(fc.constantFrom(...fields, secret), leaves);
    const types = fc.constantFrom<EventType>('call.v1', 'fax.v1', 'fault.v1', 'access-mail.v1');
    const broken = fc.constantFrom('', secret, `{"a":"${secret}`);
    fc.assert(
      fc.property(types, data, broken, fc.boolean(), (type, object, tail, binary) => {
        const made = record(type, { ...object, x: secret });
        const headers = binary
          ? { ...made.headers, ce_time: secret, ce_specversion: secret }
          : { 'content-type': 'application/cloudevents+json' };
        const value = Buffer.concat([made.value ?? Buffer.alloc(0), Buffer.from(tail)]);
        const result = decode({ ...made, headers, value });
        expect(result.ok).toBe(false);
        expect(JSON.stringify(result)).not.toContain('hush');
      }),
    );
  });

  it('reads back what encodeEvent wrote, from any source with any id', () => {
    const digits = fc.stringMatching(/^(0[1-9]\d{8,9}|\+1\d{10})$/);
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((value) => /^[^\p{Cc}]+$/u.test(value));
    const parties = fc.oneof(
      fc.record({ number: digits }),
      fc.record({ withheld: fc.constantFrom('P' as const, 'C' as const, 'O' as const, 'S' as const) }),
    );
    const calls = fc.record(
      {
        lineNumber: digits,
        calledNumber: digits,
        caller: parties,
        ringSeconds: fc.nat(),
        outcome: fc.constantFrom(
          'answered' as const,
          'unanswered' as const,
          'busy' as const,
          'abandoned' as const,
        ),
        refusedBy: fc.constantFrom('number-request' as const, 'nuisance-list' as const),
      },
      { requiredKeys: ['lineNumber', 'calledNumber', 'caller', 'ringSeconds', 'outcome'] },
    );
    const times = fc.date({ min: new Date(0), max: new Date('2099-01-01'), noInvalidDate: true }).map(Number);
    fc.assert(
      fc.property(calls, text, text, times, (fields, source, id, at) => {
        const data = { ...fields, startedAt: new Date(at).toISOString() };
        const encoded = encodeEvent({ type: 'call.v1', source, id, time: at, key: fields.lineNumber, data });
        expect(encoded.key?.toString()).toBe(fields.lineNumber);
        const read = decode({ partition: 0, offset: '0', timestamp: at, ...encoded });
        expect(read).toEqual({ ok: true, event: { kind: 'call', source, id, at, ...fields } });
      }),
    );
  });
});
