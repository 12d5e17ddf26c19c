import { traceContextOf, type RawRecord, type TraceContext } from '#events';
import type { EventResult } from './metrics.ts';
import { codeOf } from './server-errors.ts';
import type { Dead, PendingDelivery, ReportedFault, Suppressed } from './verdict.ts';

/** Facts about a span: from closed lists, or what names an event. Never a number, an address, a code or a link. */
export type TraceAttributes = Readonly<Record<string, string | number | boolean>>;

/** A step of a sampled trace, under way. */
export interface TraceSpan {
  /** What belongs to this span has it as its trace context. */
  readonly context: TraceContext;
  /** Begins a step within this one. `client`: a request to another server. */
  begin(name: string, kind: 'internal' | 'client'): TraceSpan;
  set(attributes: TraceAttributes): void;
  /** `failure` names an error. */
  end(failure?: string): void;
}

/** Begins spans (`#platform` has OpenTelemetry's). */
export interface Tracer {
  /**
   * Begins the span of a received message, within the trace that it belongs to, or as a new trace. Returns `undefined`
   * when it is not sampled.
   */
  consume(name: string, parent: TraceContext | undefined): TraceSpan | undefined;
}

/** What became of a record: counted as that, or left to be read again. */
type RecordResult = EventResult | 'held';

/** What the rules have made of a batch. */
interface Decisions {
  readonly finished: readonly (Suppressed | Dead)[];
  readonly pending: readonly PendingDelivery[];
  readonly faults: readonly ReportedFault[];
}

interface Tracing {
  readonly span: TraceSpan;
  readonly deciding: TraceSpan;
}

/**
 * The spans of the records that this process works on: `process`, as OpenTelemetry's conventions for messaging name it,
 * and in it `decide`, `render` and `send`. Only sampled events have any; without a tracer nothing is done for any event.
 */
export class RecordTraces {
  private readonly tracer: Tracer | undefined;
  private readonly underWay = new Map<RawRecord, Tracing>();

  constructor(tracer?: Tracer) {
    this.tracer = tracer;
  }

  /** Begins the spans of some records. */
  begin(records: readonly RawRecord[]): void {
    if (this.tracer === undefined) return;
    for (const record of records) {
      const span = this.tracer.consume(`process ${record.topic}`, traceContextOf(record));
      if (span === undefined) continue;
      // Only now: what is not sampled shall cost as little as possible.
      span.set({
        'messaging.system': 'kafka',
        'messaging.operation.type': 'process',
        'messaging.operation.name': 'process',
        'messaging.destination.name': record.topic,
        'messaging.destination.partition.id': String(record.partition),
        'messaging.kafka.offset': Number(record.offset),
      });
      this.underWay.set(record, { span, deciding: span.begin('decide', 'internal') });
    }
  }

  /** The rules have decided about a batch. */
  decided({ finished, pending, faults }: Decisions): void {
    if (this.underWay.size === 0) return;
    for (const verdict of [...finished, ...pending, ...faults]) {
      const tracing = this.underWay.get(verdict.record);
      if (tracing === undefined) continue;
      if ('event' in verdict) {
        const { source, id, kind } = verdict.event;
        tracing.span.set({
          'cloudevents.event_source': source,
          'cloudevents.event_id': id,
          'notify.kind': kind,
        });
      }
      tracing.deciding.end();
    }
  }

  /** Does a step of a record's way in a span of its own; `factsOf` makes the span's attributes of its result. */
  async step<T>(
    record: RawRecord,
    name: 'render' | 'send',
    work: () => T | Promise<T>,
    factsOf?: (result: T) => TraceAttributes,
  ): Promise<T> {
    const span = this.underWay.get(record)?.span.begin(name, name === 'send' ? 'client' : 'internal');
    if (span === undefined) return work();
    try {
      const result = await work();
      if (factsOf) span.set(factsOf(result));
      span.end();
      return result;
    } catch (error) {
      span.end(codeOf(error) || (error instanceof Error ? error.name : 'Error'));
      throw error;
    }
  }

  /** Ends the span of a record. `kind` and `reason` are those of its event, as metrics have them. */
  end(record: RawRecord, result: RecordResult, reason?: string): void {
    if (this.underWay.size === 0) return;
    const tracing = this.underWay.get(record);
    if (tracing === undefined) return;
    this.underWay.delete(record);
    tracing.span.set({
      'notify.result': result,
      ...(reason === undefined ? {} : { 'notify.reason': reason }),
    });
    tracing.span.end(FAILURES.has(result) ? result : undefined);
  }

  /** Ends the spans of those records that have no result: they are read again. */
  endHeld(records: readonly RawRecord[]): void {
    if (this.underWay.size === 0) return;
    for (const record of records) this.end(record, 'held');
  }

  /** The trace context for what follows from a record: its span's, or else its own. */
  contextOf(record: RawRecord): TraceContext | undefined {
    return this.underWay.get(record)?.span.context ?? traceContextOf(record);
  }
}

const FAILURES: ReadonlySet<RecordResult> = new Set(['malformed', 'seal-failed', 'internal-error']);
