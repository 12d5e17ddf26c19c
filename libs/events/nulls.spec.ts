import fc from 'fast-check';
import { decode } from './decode.ts';
import { bareRecord } from './encode-event.ts';
import type { RawRecord } from './event.ts';
import { NOTIFY_TYPES, type NotifyType } from './event-types.ts';
import { CALL as RIGHT_CALL, CODE_MAIL, FAULT, FAX, LOCKED_MAIL } from './testing/samples.ts';

const AT = '2026-11-21T10:00:00+09:00';
const CALL = {
  lineNumber: '0312345678',
  calledNumber: '0312345678',
  caller: { number: '09012345678', withheld: null },
  startedAt: AT,
  ringSeconds: 12,
  outcome: 'unanswered',
  refusedBy: null,
  forwarding: null,
};
const NULLS = { datacontenttype: null, dataschema: null, subject: null };

function readStructured(rest: object): ReturnType<typeof decode> {
  const event = { specversion: '1.0', id: 'e', source: '/s', type: 'call.v1', time: AT, ...NULLS, ...rest };
  return decode({
    topic: 'call-events',
    partition: 0,
    offset: '0',
    key: null,
    timestamp: Date.parse(AT),
    headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
    value: Buffer.from(JSON.stringify(event)),
  });
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

describe('a structured event', () => {
  it('takes null for absent at every depth', () => {
    const read = readStructured({ data: CALL, data_base64: null });
    expect(read).toMatchObject({ ok: true, event: { caller: { number: '09012345678' } } });
    expect(read.ok && 'refusedBy' in read.event && read.event.refusedBy !== undefined).toBe(false);
  });

  it('misses a required field that is null', () => {
    expect(readStructured({ data: { ...CALL, outcome: null } })).toMatchObject({
      ok: false,
      problems: [{ path: 'data.outcome', code: 'missing' }],
    });
  });

  it('reads data_base64 as its data', () => {
    expect(readStructured({ data: null, data_base64: base64(CALL) })).toMatchObject({ ok: true });
  });

  it.each([{ data: CALL, data_base64: base64(CALL) }, { data_base64: '%%%' }, { data_base64: 7 }])(
    'refuses data twice, or not in base64 (%#)',
    (rest) => {
      expect(readStructured(rest)).toMatchObject({ ok: false, problems: [{ path: 'data' }] });
    },
  );
});

describe('an event in binary mode', () => {
  const readBinary = (data: object, headers: object): ReturnType<typeof decode> => {
    const record = binary('call-events', 'call.v1', data);
    return decode({ ...record, headers: { ...record.headers, ...headers } });
  };

  it('takes null for absent in its data', () => {
    expect(readBinary(CALL, {})).toMatchObject({ ok: true, event: { caller: { number: '09012345678' } } });
  });

  it('takes a header without value for absent', () => {
    expect(readBinary(CALL, { ce_subject: null, traceparent: null })).toMatchObject({ ok: true });
    expect(readBinary(CALL, { ce_id: null })).toMatchObject({
      ok: false,
      problems: [{ path: 'headers.ce_id' }],
    });
  });
});

describe('null', () => {
  const events = [
    ['call-events', 'call.v1', RIGHT_CALL],
    ['fax-events', 'fax.v1', FAX],
    ['fault-events', 'fault.v1', FAULT],
    ['access-mails', 'access-mail.v1', CODE_MAIL],
    ['access-mails', 'access-mail.v1', LOCKED_MAIL],
  ] as const;

  it.each(events)('is absent in any optional or unknown field of %s %s', (_topic, type, data) => {
    const { read } = NOTIFY_TYPES[type];
    fc.assert(
      fc.property(nulledFields(type, data), ([withNulls, absent]) => {
        expect(read(withNulls, '', [])).toEqual(read(absent, '', []));
      }),
    );
  });

  it.each(events)('is absent from the bare form of %s %s too', (topic, type, data) => {
    fc.assert(
      fc.property(nulledFields(type, data), ([withNulls, absent]) => {
        const bare = bareRecord(binary(topic, type, withNulls));
        expect(bare).toBeDefined();
        expect(bare).toEqual(bareRecord(binary(topic, type, absent)));
      }),
    );
  });
});

/** Data of which some optional or unknown fields are null, and the same data without them. */
function nulledFields(type: NotifyType, data: object): fc.Arbitrary<[object, object]> {
  const { read } = NOTIFY_TYPES[type];
  const optional = Object.keys(data).filter(
    (name) => read({ ...data, [name]: undefined }, '', []) !== undefined,
  );
  const names = fc.uniqueArray(fc.oneof(fc.constantFrom(...optional, 'x'), fc.string()));
  return names.map((chosen) => {
    const nulled = chosen.filter((name) => optional.includes(name) || !(name in data));
    const withNulls = { ...data, ...Object.fromEntries(nulled.map((name) => [name, null])) };
    const absent = { ...data, ...Object.fromEntries(nulled.map((name) => [name, undefined])) };
    return [withNulls, JSON.parse(JSON.stringify(absent)) as object];
  });
}

function binary(topic: string, type: NotifyType, data: object): RawRecord {
  return {
    topic,
    partition: 0,
    offset: '0',
    key: null,
    timestamp: Date.parse(AT),
    headers: {
      ce_specversion: '1.0',
      ce_id: 'e',
      ce_source: '/s',
      ce_type: type,
      ce_time: AT,
      'content-type': 'application/json',
    },
    value: Buffer.from(JSON.stringify(data)),
  };
}
