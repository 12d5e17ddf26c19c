export type MailErrorCode =
  'BRAND_INVALID' | 'BRAND_UNKNOWN' | 'TEMPLATE_INVALID' | 'RECIPIENT_INVALID' | 'SECRET_INVALID';

/** Something no mail can be composed from: a broken file of ours, or a value that should never have come this far. */
export class MailError extends Error {
  readonly code: MailErrorCode;
  /** The same input fails again. */
  readonly retryable = false;

  constructor(code: MailErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MailError';
    this.code = code;
  }
}
