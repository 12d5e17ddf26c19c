import { needsPerson } from '../server-errors.ts';
import type { DeliveryMetrics } from '../metrics.ts';
import type { DeliveryLog } from '../ports.ts';
import { breakerAfter, closedBreaker, type BreakerInput, type BreakerState } from './breaker-state.ts';

/** The servers that the breaker watches. */
type Target = 'smtp' | 'redis';

export interface CircuitBreakerOptions {
  /** Checks whether the server can be used; resolves with the reason when it cannot. */
  readonly probe: Readonly<Record<Target, () => Promise<Error | undefined>>>;
  /** The most connections to the mail server. */
  readonly connections: number;
  /** Called with the number of connections that may be used from now on. */
  readonly allowConnections: (connections: number) => void;
  readonly metrics: Pick<DeliveryMetrics, 'breakerOpen'>;
  readonly log: DeliveryLog;
  readonly now: () => number;
}

/**
 * Open while the mail server or Redis is unavailable: nothing is started, and no attempt is counted.
 * Probes with growing pauses. After an outage of the mail server the number of connections grows from one.
 */
export class CircuitBreaker {
  private readonly options: CircuitBreakerOptions;
  private readonly states: Record<Target, BreakerState>;
  /** The targets whose outage has already been logged as one that needs a person. */
  private readonly escalated = new Set<Target>();
  private readonly timers = new Map<Target, NodeJS.Timeout>();
  private readonly listeners: ((isOpen: boolean) => void)[] = [];

  constructor(options: CircuitBreakerOptions) {
    this.options = options;
    this.states = { smtp: closedBreaker(options.connections), redis: closedBreaker(1) };
  }

  /** True while the mail server or Redis is unavailable: start nothing, leave the records where they are. */
  isOpen(): boolean {
    return this.states.smtp.open || this.states.redis.open;
  }

  /** The mail server took a mail or refused it: it works. */
  mailAnswered(): void {
    this.put('smtp', { kind: 'answered' });
  }

  /** The mail server cannot be used at all: opens at once. */
  mailUnavailable(error: Error): void {
    this.put('smtp', { kind: 'unavailable' }, error);
  }

  /** A transaction was cut off. True when the breaker is open now: then no attempt is counted. */
  mailCutOff(recipient: string, error: Error): boolean {
    this.put('smtp', { kind: 'cut-off', recipient }, error);
    return this.states.smtp.open;
  }

  /**
   * The relay refused us, whoever the mail is for. True once that is known to hold back everybody's mail: then no
   * attempt is counted.
   */
  mailRefusedUs(recipient: string, error: Error): boolean {
    const wasRefused = this.states.smtp.isRefused;
    this.put('smtp', { kind: 'refused-us', recipient }, error);
    return wasRefused || this.states.smtp.open;
  }

  /** Redis did not answer: opens at once. */
  redisUnavailable(error: Error): void {
    this.put('redis', { kind: 'unavailable' }, error);
  }

  /** Calls `listener` when the breaker opens (`true`) and when it closes (`false`). */
  onChange(listener: (isOpen: boolean) => void): void {
    this.listeners.push(listener);
  }

  /** Stops probing. */
  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private put(target: Target, input: BreakerInput, error?: Error): void {
    const { now, connections, allowConnections } = this.options;
    const before = this.states[target];
    const wasOpen = this.isOpen();
    const state = breakerAfter(before, input, now(), target === 'smtp' ? connections : 1);
    if (state.open) this.escalate(target, error);
    if (state === before) return;
    this.states[target] = state;
    if (target === 'smtp' && state.connections !== before.connections) allowConnections(state.connections);
    if (!state.open) this.escalated.delete(target);
    if (state.open !== before.open) announce(this.options, target, state.open, error);
    if (state.open && state.probeAt !== before.probeAt) this.schedule(target, state.probeAt);
    if (this.isOpen() !== wasOpen) for (const listener of this.listeners) listener(!wasOpen);
  }

  /** Logs once per outage that it needs a person, which may become known only after a while. */
  private escalate(target: Target, error?: Error): void {
    if (!needsPerson(error) || this.escalated.has(target)) return;
    this.escalated.add(target);
    this.options.log.error({ target, err: error }, 'It answers but takes nothing: somebody has to make room');
  }

  private schedule(target: Target, at: number): void {
    clearTimeout(this.timers.get(target));
    const wait = Math.max(0, at - this.options.now());
    this.timers.set(
      target,
      setTimeout(() => void this.probe(target), wait),
    );
  }

  private async probe(target: Target): Promise<void> {
    const error = await this.options.probe[target]().catch((reason: unknown) => reason as Error);
    this.put(target, { kind: error ? 'probe-failed' : 'probe-succeeded' }, error);
  }
}

function announce(
  { metrics, log }: CircuitBreakerOptions,
  target: Target,
  isOpen: boolean,
  error?: Error,
): void {
  metrics.breakerOpen.set({ target }, isOpen ? 1 : 0);
  if (isOpen) log.warn({ target, err: error }, 'Away: the lanes are held until it answers again');
  else log.info({ target }, 'Back: the lanes go on');
}
