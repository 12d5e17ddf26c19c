/**
 * Which server an error says is away (it can be asked again later), by the `code` and `retryable` that libs/redis and
 * libs/kafka give their errors; `undefined` for anything else, which is a bug of ours.
 */
export function away(error: unknown): 'redis' | 'kafka' | undefined {
  if (!(error instanceof Error) || !('retryable' in error) || error.retryable !== true) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code.startsWith('REDIS_') ? 'redis' : 'kafka';
}

/** Whether a server that is away answers, and says that it needs a person: it will not come back by itself. */
export function needsPerson(error: Error | undefined): boolean {
  return error !== undefined && 'code' in error && error.code === 'REDIS_REFUSES_WRITES';
}

/** Whether the ledger says that a claim is no longer ours: somebody else's by now, or superseded. */
export function isClaimLost(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'LEDGER_CLAIM_LOST';
}
