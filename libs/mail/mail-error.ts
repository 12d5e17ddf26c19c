export type MailErrorCode =
  'BRAND_INVALID' | 'BRAND_UNKNOWN' | 'TEMPLATE_INVALID' | 'RECIPIENT_INVALID' | 'SECRET_INVALID';

/** A mail cannot be composed: one of our files is broken, or a value should never have come this far. */
export class MailError extends Error {
  readonly code: MailErrorCode;
  /** Retrying with the same input fails too. */
  readonly retryable = false;

  constructor(code: MailErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MailError';
    this.code = code;
  }
}
