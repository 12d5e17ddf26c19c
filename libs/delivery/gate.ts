import { needsPerson } from './away.ts';
import { breakerAfter, closedBreaker, type BreakerInput, type BreakerState } from './breaker/breaker.ts';
import type { DeliveryMetrics } from './metrics.ts';
import type { DeliveryLog, Gate } from './parts.ts';

/** The servers that a gate watches over. */
type Target = 'smtp' | 'redis';

export interface GateOptions {
  /** Asks whether the server can be used; resolves with why not. */
  readonly probe: Readonly<Record<Target, () => Promise<Error | undefined>>>;
  /** The most connections to the mail server. */
  readonly connections: number;
  /** Told how many mails may be sent at once from now on. */
  readonly allowConnections: (connections: number) => void;
  readonly metrics: DeliveryMetrics;
  readonly log: DeliveryLog;
  readonly now: () => number;
}

/**
 * Holds the lanes while the mail server or Redis is away: an outage is nobody's failed attempt. Probes with growing
 * pauses, and lets mail out again at a rate that the server takes.
 */
export class LaneGate implements Gate {
  private readonly options: GateOptions;
  private readonly states: Record<Target, BreakerState>;
  /** The outages in which a person was called. */
  private readonly called = new Set<Target>();
  private readonly timers = new Map<Target, NodeJS.Timeout>();
  private readonly listeners: ((open: boolean) => void)[] = [];

  constructor(options: GateOptions) {
    this.options = options;
    this.states = { smtp: closedBreaker(options.connections), redis: closedBreaker(1) };
  }

  isOpen(): boolean {
    return !this.states.smtp.open && !this.states.redis.open;
  }

  mailAnswered(): void {
    this.put('smtp', { kind: 'answered' });
  }

  mailUnavailable(error: Error): void {
    this.put('smtp', { kind: 'unavailable' }, error);
  }

  mailCutOff(recipient: string, error: Error): boolean {
    this.put('smtp', { kind: 'cut-off', recipient }, error);
    return this.states.smtp.open;
  }

  mailRefusedUs(recipient: string, error: Error): boolean {
    const wasRefused = this.states.smtp.isRefused;
    this.put('smtp', { kind: 'refused-us', recipient }, error);
    return wasRefused || this.states.smtp.open;
  }

  redisUnavailable(error: Error): void {
    this.put('redis', { kind: 'unavailable' }, error);
  }

  /** Tells `listener` when lanes have to stop fetching (`false`) and may go on (`true`). */
  onChange(listener: (open: boolean) => void): void {
    this.listeners.push(listener);
  }

  /** Stops probing. */
  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private put(target: Target, input: BreakerInput, error?: Error): void {
    const { now, connections, allowConnections } = this.options;
    const before = this.states[target];
    const wasOpen = this.isOpen();
    const state = breakerAfter(before, input, now(), target === 'smtp' ? connections : 1);
    if (state.open) this.call(target, error);
    if (state === before) return;
    this.states[target] = state;
    if (target === 'smtp' && state.connections !== before.connections) allowConnections(state.connections);
    if (!state.open) this.called.delete(target);
    if (state.open !== before.open) tell(this.options, target, state.open, error);
    if (state.open && state.probeAt !== before.probeAt) this.schedule(target, state.probeAt);
    if (this.isOpen() !== wasOpen) for (const listener of this.listeners) listener(!wasOpen);
  }

  /** Says once in an outage that it will not end by itself; that may show only after a while. */
  private call(target: Target, error?: Error): void {
    if (!needsPerson(error) || this.called.has(target)) return;
    this.called.add(target);
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

function tell({ metrics, log }: GateOptions, target: Target, open: boolean, error?: Error): void {
  metrics.breakerOpen.set({ target }, open ? 1 : 0);
  if (open) log.warn({ target, err: error }, 'Away: the lanes are held until it answers again');
  else log.info({ target }, 'Back: the lanes go on');
}
