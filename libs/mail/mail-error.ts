export type MailErrorCode =
  'BRAND_INVALID' | 'BRAND_UNKNOWN' | 'TEMPLATE_INVALID' | 'RECIPIENT_INVALID' | 'SECRET_INVALID';

/** Something a mail cannot be made of: a file of ours, or a value the pipeline should not have let through. */
export class MailError extends Error {
  readonly code: MailErrorCode;
  /** Trying the same again ends the same. */
  readonly retryable = false;

  constructor(code: MailErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MailError';
    this.code = code;
  }
}
