import fc from 'fast-check';
import { bareRecord, encodeEvent } from './encode-event.ts';
import { decode } from './decode.ts';
import type { EventData } from './event-types.ts';
import type { RawRecord } from './event.ts';
import { record } from './testing/decode-records.ts';
import { CALL } from './testing/samples.ts';
import { eventFields, newTraceContext, traceContext, traceContextOf, traceIdOf } from './trace-context.ts';

const IDS = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';
const PARENT = `00-${IDS}-01`;
const OTHER = '00-11111111111111111111111111111111-2222222222222222-00';

const withHeaders = (headers: RawRecord['headers']): RawRecord => {
  const one = record('call.v1', CALL);
  return { ...one, headers: { ...one.headers, ...headers } };
};

describe('a traceparent', () => {
  it.each([
    [PARENT, PARENT],
    [`00-${IDS}-00`, `00-${IDS}-00`],
    [`00-${IDS}-ff`, `00-${IDS}-03`],
    [`01-${IDS}-01`, PARENT],
    [`cc-${IDS}-01-what-the-future-will-be`, PARENT],
  ])('%s is passed on as %s', (text, passedOn) => {
    expect(traceContext(text)).toEqual({ traceparent: passedOn });
  });

  it.each([
    '',
    'garbage',
    `00-${IDS}`,
    `00-${IDS}-01-more`,
    `ff-${IDS}-01`,
    `cc-${IDS}-01.more`,
    `00-${IDS.toUpperCase()}-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
    ` ${PARENT}`,
    `${PARENT}\n`,
    7,
    null,
  ])('%j counts as absent', (text) => {
    expect(traceContext(text)).toBeUndefined();
  });

  it('is passed on unchanged once it was read, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.stringMatching(/^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/),
        (any, near) => {
          for (const text of [any, near]) {
            const read = traceContext(text);
            if (read) expect(traceContext(read.traceparent)).toEqual(read);
          }
        },
      ),
    );
  });

  it('of a trace that we begin is well-formed, sampled and new', () => {
    const one = newTraceContext();
    expect(traceContext(one.traceparent)).toEqual(one);
    expect(one.traceparent).toMatch(/-01$/);
    expect(newTraceContext()).not.toEqual(one);
  });
});

describe('a tracestate', () => {
  it.each(['a=1', 'a=1,b=2', 'a=1, ,b=2 x', 'tenant@vendor=~', '0t@v=1', `a=${'x'.repeat(256)}`])(
    '%s is passed on',
    (state) => {
      expect(traceContext(PARENT, state)).toEqual({ traceparent: PARENT, tracestate: state });
    },
  );

  it.each([
    '',
    ' ',
    'a',
    'A=1',
    '1=1',
    'a=1=2',
    'a=é',
    `a=${'x'.repeat(257)}`,
    'a=1,'.repeat(33),
    `a=${'x,b='.repeat(200)}x`,
    7,
  ])('%j is left out, and the traceparent stays', (state) => {
    expect(traceContext(PARENT, state)).toEqual({ traceparent: PARENT });
  });
});

describe('the trace context of a record', () => {
  it('is that of CloudEvents’ extension, else that of Kafka’s headers', () => {
    const both = {
      ce_traceparent: Buffer.from(PARENT),
      ce_tracestate: 'a=1',
      traceparent: OTHER,
      tracestate: 'b=2',
    };
    expect(traceContextOf(withHeaders(both))).toEqual({ traceparent: PARENT, tracestate: 'a=1' });
    const plain = { ...both, ce_traceparent: 'broken' };
    expect(traceContextOf(withHeaders(plain))).toEqual({ traceparent: OTHER, tracestate: 'b=2' });
    expect(traceContextOf(withHeaders({}))).toBeUndefined();
  });

  it('is in the value of an event in structured mode', () => {
    const one = withHeaders({ 'content-type': 'application/cloudevents+json' });
    const value = (attributes: object): RawRecord => ({
      ...one,
      value: Buffer.from(JSON.stringify(attributes)),
    });
    expect(traceContextOf(value({ traceparent: PARENT, tracestate: 'a=1' }))).toEqual({
      traceparent: PARENT,
      tracestate: 'a=1',
    });
    expect(traceContextOf(value({ traceparent: { no: 'text' } }))).toBeUndefined();
    expect(traceContextOf({ ...one, value: null })).toBeUndefined();
  });

  it('never makes an event malformed', () => {
    for (const broken of ['x', '', null, [PARENT, OTHER], Buffer.from([0xff])]) {
      const headers = {
        ce_traceparent: broken,
        ce_tracestate: broken,
        traceparent: broken,
        tracestate: broken,
      };
      const one = withHeaders(headers);
      expect(decode(one).ok).toBe(true);
      expect(traceContextOf(one)).toBeUndefined();
    }
  });

  it('is written to our own events, and stays with a record that has to be made smaller', () => {
    const trace = { traceparent: PARENT, tracestate: 'a=1' };
    const event = {
      type: 'call.v1',
      source: '/s',
      id: '1',
      time: 0,
      key: null,
      data: CALL as EventData<'call.v1'>,
    } as const;
    const { headers, value } = encodeEvent({ ...event, trace });
    expect(headers).toMatchObject({ ce_traceparent: PARENT, ce_tracestate: 'a=1' });
    expect(encodeEvent(event).headers).not.toHaveProperty('ce_traceparent');
    expect(bareRecord({ ...record('call.v1', CALL), headers, value })?.headers).toMatchObject({
      ce_traceparent: PARENT,
      ce_tracestate: 'a=1',
    });
  });
});

describe('what names an event in the log', () => {
  it('is its source, its id and its trace, also where the event is malformed', () => {
    const broken = { ...withHeaders({ ce_traceparent: PARENT, ce_time: 'x' }), value: Buffer.from('{') };
    const { ce_source: eventSource, ce_id: eventId } = broken.headers;
    expect(eventFields(broken)).toEqual({ eventSource, eventId, traceId: PARENT.slice(3, 35) });
    expect(traceIdOf({ traceparent: PARENT })).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('is empty where there is no event', () => {
    const nameless = { ce_source: '', ce_id: 'x'.repeat(1025) };
    expect(eventFields(withHeaders(nameless))).toEqual({});
  });
});
