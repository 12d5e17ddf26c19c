import { setTimeout as pause } from 'node:timers/promises';

/** How soon Redis is asked again. */
const REDIS_PAUSE_MS = 250;

/**
 * Returns the server that is unavailable according to an error, by the `code` and `retryable` that libs/redis and
 * libs/kafka give their errors; `undefined` for anything else: a bug, or a refusal of this record. A topic that Kafka
 * does not let us write counts as unavailable too: the refusal says nothing about the record.
 */
export function unavailableServer(error: unknown): 'redis' | 'kafka' | undefined {
  if (!(error instanceof Error) || !('retryable' in error)) return undefined;
  if (error.retryable !== true && !isUnauthorized(error)) return undefined;
  return codeOf(error).startsWith('REDIS_') ? 'redis' : 'kafka';
}

/** Whether Kafka does not let us write the topic, whatever the record; other topics may go on. */
export function isUnauthorized(error: unknown): boolean {
  return codeOf(error) === 'not-authorized';
}

/** Whether Kafka did not take a record, for whatever reason. */
export function isKafkaError(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && !codeOf(error).startsWith('REDIS_');
}

/** An error's `code`; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether an unavailable server reports that a person has to act: it will not recover by itself. */
export function needsPerson(error: Error | undefined): boolean {
  return codeOf(error) === 'REDIS_REFUSES_WRITES';
}

/** Whether the ledger reports that a claim is no longer ours: taken over, or superseded. */
export function isClaimLost(error: unknown): boolean {
  return codeOf(error) === 'LEDGER_CLAIM_LOST';
}

/** The breaker that Redis' outages are reported to, and the signal at which the process gives up. */
interface RedisOutage {
  readonly breaker: { redisUnavailable(error: Error): void };
  readonly ending: AbortSignal;
}

/**
 * Repeats a call of the ledger that Redis did not answer, as long as the process lives and `mayRetry` (called with the
 * number of tries so far) allows it: the call may have been carried out all the same, and by its token a repetition
 * finds what it left. It does not wait until the breaker closes, which may depend on the mail server too. Rejects with
 * the last error.
 */
export async function retryWhileRedisIsUnavailable<T>(
  { breaker, ending }: RedisOutage,
  mayRetry: (tries: number) => boolean,
  call: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (unavailableServer(error) !== 'redis') throw error;
      breaker.redisUnavailable(error as Error);
      if (ending.aborted || !mayRetry(tries)) throw error;
      await pause(REDIS_PAUSE_MS);
    }
  }
}
