import { setTimeout as pause } from 'node:timers/promises';
import type { CircuitBreaker, InFlightSends, LiveClaims } from '#delivery';
import type { MailSender } from '#mail';

/**
 * How long a stopping process waits for replies to its messages, from the signal on. A mail server may take ten
 * minutes, but a process gets some 30 s to stop: a message without a reply by then is in doubt, and recorded as such.
 */
export const DRAIN_MS = 20_000;

/** How long recording may take. A row that Redis has not taken by then is left until its lease expires. */
const WRITE_DOWN_MS = 2_000;

export interface ClosingParts {
  readonly inFlight: Pick<InFlightSends, 'drained'>;
  readonly sender: Pick<MailSender, 'close'>;
  readonly claims: Pick<LiveClaims, 'stop'>;
  readonly breaker: Pick<CircuitBreaker, 'stop'>;
  /** Aborted when the waiting is over. */
  readonly ending: AbortController;
}

/**
 * Waits up to `drainMs` for replies, closes the mail connections, and waits until the doubts are recorded. Ends in time
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

/** Resolves when `work` has, or after this many milliseconds. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const late = pause(Math.max(0, ms), undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  done.abort();
}
