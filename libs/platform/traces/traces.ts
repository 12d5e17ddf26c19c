/** Where in a distributed trace something belongs (W3C Trace Context). */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Facts about a span. Never a number, an address, a code or a link. */
type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A sampled step of a trace, under way. */
export interface Span {
  /** What belongs to this span has it as its trace context. */
  readonly context: TraceContext;
  begin(name: string, kind: 'internal' | 'client'): Span;
  set(attributes: SpanAttributes): void;
  /** `failure` names an error. */
  end(failure?: string): void;
}

/** Begins a span within the trace that it belongs to, or a new one; returns `undefined` when it is not sampled. */
type BeginSpan = (
  name: string,
  parent: TraceContext | undefined,
  attributes?: SpanAttributes,
) => Span | undefined;

/** The traces of a process. */
export interface Traces {
  /** Begins the span of a received message. */
  readonly consume: BeginSpan;
  /** Begins the span of an HTTP request to us. */
  readonly serve: BeginSpan;
  /** Exports what waits, within two seconds or not at all. Never rejects. */
  close(): Promise<void>;
}
