/** What can go wrong with the servers. */
type StackErrorCode =
  | 'missing-program'
  | 'program-failed'
  | 'download-failed'
  | 'port-in-use'
  | 'server-failed'
  | 'already-running';

/** A failure that the user can act on: the message says what failed, where, and what to do. */
export class StackError extends Error {
  readonly code: StackErrorCode;
  readonly retryable: boolean;

  constructor(code: StackErrorCode, message: string, options?: { cause?: unknown; retryable?: boolean }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StackError';
    this.code = code;
    this.retryable = options?.retryable ?? false;
  }
}
