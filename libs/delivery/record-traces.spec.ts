import type { RawRecord } from '#events';
import { deliver } from './deliver.ts';
import { RecordTraces, type TraceAttributes, type Tracer, type TraceSpan } from './record-traces.ts';
import { redisUnavailable } from './testing/failures.ts';
import { callWorld, fakeBatch, withDeps, type FakeWorld, type Script } from './testing/fakes.ts';
import { callRecord } from './testing/records.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface SeenSpan {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Record<string, unknown>;
  ended: string | true | false;
}

/** Keeps every span; samples those whose parent is sampled. */
function seeingTracer(): Tracer & { readonly spans: SeenSpan[] } {
  const spans: SeenSpan[] = [];
  const begin = (name: string, parent: string | undefined, attributes: TraceAttributes): TraceSpan => {
    const seen: SeenSpan = { name, parent, attributes: { ...attributes }, ended: false };
    spans.push(seen);
    return {
      context: { traceparent: `of ${name}` },
      begin: (step) => begin(step, name, {}),
      set: (more) => void Object.assign(seen.attributes, more),
      end: (failure) => void (seen.ended = failure ?? true),
    };
  };
  return {
    spans,
    consume: (name, parent) =>
      parent?.traceparent.endsWith('-01') ? begin(name, parent.traceparent, {}) : undefined,
  };
}

function traced(record: RawRecord, traceparent = PARENT): RawRecord {
  return { ...record, headers: { ...record.headers, ce_traceparent: traceparent } };
}

function tracedWorld(script: Script = {}): { world: FakeWorld; tracer: ReturnType<typeof seeingTracer> } {
  const world = callWorld(script, undefined, 'a@example.jp');
  const tracer = seeingTracer();
  const deps = withDeps(world.deps, { telemetry: { traces: new RecordTraces(tracer) } });
  return { world: { ...world, deps }, tracer };
}

describe('the spans of an event', () => {
  it('are process within its own trace, and in it decide, render and send, with what became of it', async () => {
    const { world, tracer } = tracedWorld();
    await deliver(world.deps, fakeBatch([traced(callRecord('1'))]));
    expect(tracer.spans).toEqual([
      {
        name: 'process call-events',
        parent: PARENT,
        attributes: expect.objectContaining({
          'messaging.operation.type': 'process',
          'cloudevents.event_id': '1',
          'notify.kind': 'call',
          'notify.result': 'decided',
          'notify.reason': 'notify',
        }),
        ended: true,
      },
      { name: 'decide', parent: 'process call-events', attributes: {}, ended: true },
      { name: 'render', parent: 'process call-events', attributes: {}, ended: true },
      {
        name: 'send',
        parent: 'process call-events',
        attributes: { 'notify.answer': 'accepted', 'notify.attempt': 1, 'notify.domain': expect.any(String) },
        ended: true,
      },
    ]);
    expect(JSON.stringify(tracer.spans)).not.toMatch(/\b0[0-9]{9,}|@/);
  });

  it('say why there was no mail', async () => {
    const { world, tracer } = tracedWorld();
    const broken = { ...traced(callRecord('3')), value: Buffer.from('{') };
    await deliver(
      world.deps,
      fakeBatch([traced(callRecord('2', '2', { calledNumber: '0399999999' })), broken]),
    );
    expect(tracer.spans.filter(({ name }) => name.startsWith('process'))).toMatchObject([
      { attributes: { 'notify.result': 'decided', 'notify.reason': 'unknown-number' }, ended: true },
      { attributes: { 'notify.result': 'malformed' }, ended: 'malformed' },
    ]);
  });

  it('end when the record is left to be read again, and when a step fails', async () => {
    const { world, tracer } = tracedWorld();
    const ledger = { ...world.deps.stores.ledger, dataStarted: () => Promise.reject(redisUnavailable()) };
    await deliver(withDeps(world.deps, { stores: { ledger } }), fakeBatch([traced(callRecord('4'))]));
    expect(tracer.spans.filter(({ ended }) => ended === false)).toEqual([]);
    expect(tracer.spans).toContainEqual(
      expect.objectContaining({ name: 'send', ended: expect.stringMatching('REDIS') }),
    );
    expect(tracer.spans[0]?.attributes).toMatchObject({ 'notify.result': 'held' });
  });

  it('are none for an event that is not sampled, and none are kept afterwards', async () => {
    const { world, tracer } = tracedWorld();
    await deliver(
      world.deps,
      fakeBatch([callRecord('5'), traced(callRecord('6'), PARENT.replace(/01$/, '00'))]),
    );
    expect(tracer.spans).toEqual([]);
    expect(world.seen.sent).toHaveLength(2);
  });
});

describe('the trace context of what follows from a record', () => {
  it('is its span’s while there is one, and else its own', () => {
    const traces = new RecordTraces(seeingTracer());
    const record = traced(callRecord('7'));
    expect(traces.contextOf(record)).toEqual({ traceparent: PARENT });
    traces.begin([record]);
    expect(traces.contextOf(record)).toEqual({ traceparent: 'of process call-events' });
    traces.endHeld([record]);
    expect(traces.contextOf(record)).toEqual({ traceparent: PARENT });
    expect(new RecordTraces().contextOf(callRecord('8'))).toBeUndefined();
  });

  it('without a tracer reads no record', () => {
    const traces = new RecordTraces();
    const unreadable = new Proxy(callRecord('9'), {
      get: () => {
        throw new Error('read');
      },
    });
    expect(() => {
      traces.begin([unreadable]);
      traces.end(unreadable, 'decided');
      traces.endHeld([unreadable]);
    }).not.toThrow();
  });
});
