import { decode } from './decode.ts';

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
