/**
 * Which server an error says is away (it can be asked again later), by the `code` and `retryable` that libs/redis and
 * libs/kafka give their errors; `undefined` for anything else: a bug of ours, or a refusal of the record in hand. A
 * topic that Kafka lets nobody of ours write is away too: the refusal says nothing about the record.
 */
export function away(error: unknown): 'redis' | 'kafka' | undefined {
  if (!(error instanceof Error) || !('retryable' in error)) return undefined;
  if (error.retryable !== true && !isUnauthorized(error)) return undefined;
  return codeOf(error).startsWith('REDIS_') ? 'redis' : 'kafka';
}

/** Whether Kafka refuses us the topic, whatever the record: it answers, and the other topics may go on. */
export function isUnauthorized(error: unknown): boolean {
  return codeOf(error) === 'not-authorized';
}

/** Whether it was Kafka that did not take a record, for whatever reason. */
export function isKafkas(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && !codeOf(error).startsWith('REDIS_');
}

/** An error's `code`; empty when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether a server that is away answers, and says that it needs a person: it will not come back by itself. */
export function needsPerson(error: Error | undefined): boolean {
  return codeOf(error) === 'REDIS_REFUSES_WRITES';
}

/** Whether the ledger says that a claim is no longer ours: somebody else's by now, or superseded. */
export function isClaimLost(error: unknown): boolean {
  return codeOf(error) === 'LEDGER_CLAIM_LOST';
}
