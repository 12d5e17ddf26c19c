import { randomUUID } from 'node:crypto';
import {
  createTraceState,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Context,
  type Span as OtelSpan,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { Environment } from '../environment-schema.ts';
import type { Logger } from '../logger.ts';
import { programVersion } from '../program-version.ts';
import { telling } from './telling-exporter.ts';
import type { Span, TraceContext, Traces } from './traces.ts';

/** How long a stopping process waits for the collector: its mails have taken their time already. */
const CLOSE_MS = 2_000;

interface Exported {
  readonly app: string;
  readonly url: string;
  readonly logger: Logger;
}

/** Traces by OpenTelemetry's SDK, exported by OTLP over HTTP. */
export function openTelemetry(environment: Environment, { app, url, logger }: Exported): Traces {
  const exporter = new OTLPTraceExporter({
    url,
    headers: Object.fromEntries(
      (environment.OTEL_EXPORTER_OTLP_HEADERS ?? []).map(({ name, token }) => [name, token]),
    ),
  });
  const provider = new TracerProvider({
    sampler: samplerOf(environment),
    resource: resourceFromAttributes({
      ...Object.fromEntries(environment.OTEL_RESOURCE_ATTRIBUTES ?? []),
      'service.name': environment.OTEL_SERVICE_NAME ?? `denwa-notify-${app}`,
      'service.version': programVersion(),
      'service.instance.id': randomUUID(),
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: telling(exporter, logger),
        scheduledDelayMillis: environment.OTEL_BSP_SCHEDULE_DELAY,
        exportTimeoutMillis: environment.OTEL_BSP_EXPORT_TIMEOUT,
        maxQueueSize: environment.OTEL_BSP_MAX_QUEUE_SIZE,
        maxExportBatchSize: environment.OTEL_BSP_MAX_EXPORT_BATCH_SIZE,
      }),
    ],
  });
  const tracer = provider.getTracer('denwa-notify', programVersion());
  const wants = isWanted(environment);
  return {
    consume: begin(tracer, wants, SpanKind.CONSUMER),
    serve: begin(tracer, wants, SpanKind.SERVER),
    close: () => within(CLOSE_MS, provider.shutdown()),
  };
}

/** By the trace's id, where that alone decides; everything else is decided before a span is begun. */
function samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: Environment): Sampler {
  return name === 'traceidratio' ? new TraceIdRatioBasedSampler(ratio) : new AlwaysOnSampler();
}

type IsWanted = (parent: TraceContext | undefined) => boolean;

/**
 * Whether something within a trace, or without one, is sampled. What the SDK's samplers say too, without the two
 * microseconds that they take for each event that is not.
 */
function isWanted({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }: Environment): IsWanted {
  const byParent =
    (isRootWanted: () => boolean): IsWanted =>
    (parent) =>
      parent === undefined ? isRootWanted() : (flagsOf(parent) & TraceFlags.SAMPLED) !== 0;
  switch (name) {
    case 'always_on':
    case 'traceidratio':
      return () => true;
    case 'always_off':
      return () => false;
    case 'parentbased_always_on':
      return byParent(() => true);
    case 'parentbased_always_off':
      return byParent(() => false);
    case 'parentbased_traceidratio':
      // The id of a trace that begins here is random itself.
      return byParent(() => Math.random() < ratio);
  }
}

function flagsOf({ traceparent }: TraceContext): number {
  return Number.parseInt(traceparent.slice(-2), 16);
}

function begin(tracer: Tracer, wants: IsWanted, kind: SpanKind): Traces['consume'] {
  return (name, parent, attributes = {}) => {
    if (!wants(parent)) return undefined;
    const span = tracer.startSpan(name, { kind, attributes }, contextOf(parent));
    return span.isRecording() ? recording(tracer, span) : undefined;
  };
}

/** `parent` is well-formed, version 00. */
function contextOf(parent: TraceContext | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  const [, traceId = '', spanId = ''] = parent.traceparent.split('-');
  const { tracestate } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: flagsOf(parent),
    isRemote: true,
    ...(tracestate === undefined ? {} : { traceState: createTraceState(tracestate) }),
  });
}

function recording(tracer: Tracer, span: OtelSpan): Span {
  return {
    get context() {
      const { traceId, spanId, traceFlags, traceState } = span.spanContext();
      const traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
      const tracestate = traceState?.serialize();
      return tracestate ? { traceparent, tracestate } : { traceparent };
    },
    begin: (name, kind) => {
      const options = { kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL };
      return recording(tracer, tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, span)));
    },
    set: (attributes) => void span.setAttributes(attributes),
    end: (failure) => {
      if (failure !== undefined)
        span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** Resolves when `work` has ended, well or not, or after this many milliseconds. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
