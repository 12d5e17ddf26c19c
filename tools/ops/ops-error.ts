/** A command cannot be carried out, for a reason outside this program. The message is for the operator. */
export class OpsError extends Error {
  override readonly name = 'OpsError';
  readonly code: 'not-found' | 'refused' | 'unreadable';
  readonly retryable = false;

  constructor(code: OpsError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
