import { setTimeout as pause } from 'node:timers/promises';
import type { CircuitBreaker, InFlightSends, LiveClaims } from '#delivery';
import type { MailSender } from '#mail';

/**
 * How long a process that ends waits for answers to its messages, from the signal on. A mail server may take ten
 * minutes, whoever stops a process grants some 30 s: what is not answered by then is in doubt, and written down as that.
 */
export const DRAIN_MS = 20_000;

/** How long that may take. What Redis does not take by then is left to its lease. */
const WRITE_DOWN_MS = 2_000;

export interface ClosingParts {
  readonly inFlight: Pick<InFlightSends, 'drained'>;
  readonly sender: Pick<MailSender, 'close'>;
  readonly claims: Pick<LiveClaims, 'stop'>;
  readonly breaker: Pick<CircuitBreaker, 'stop'>;
  /** Aborted when nothing is waited for any more. */
  readonly ending: AbortController;
}

/**
 * Waits up to `drainMs` for answers, closes the mail connections, and waits for what is then written down. Ends in time
 * whatever Redis, Kafka or the mail server do.
 */
export async function closeInOrder(
  { inFlight, sender, claims, breaker, ending }: ClosingParts,
  drainMs: number,
  writeDownMs = WRITE_DOWN_MS,
): Promise<void> {
  await within(drainMs, inFlight.drained());
  await sender.close(0);
  await within(writeDownMs, inFlight.drained());
  ending.abort();
  claims.stop();
  breaker.stop();
}

/** Resolves when `work` has, or after so many milliseconds. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const late = pause(Math.max(0, ms), undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  done.abort();
}
