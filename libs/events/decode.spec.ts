import fc from 'fast-check';
import { decode, decodeOutcomes } from './decode.ts';
import { encodeEvent } from './encode-event.ts';
import { EVENT_TYPES, type EventType } from './event-types.ts';
import { AT, CALL, CODE_MAIL, FAULT, FAX, LOCKED_MAIL } from './testing/samples.ts';
import { AT_MS, call, MINUTE, paths, record, structured, withHeaders } from './testing/decode-records.ts';

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

describe('decodeOutcomes', () => {
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
