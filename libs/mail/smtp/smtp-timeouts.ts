/** How long the mail server may take, in milliseconds. */
export interface SmtpTimeouts {
  /** From the name's look-up to the greeting and TLS. */
  readonly connectMs: number;
  /** MAIL, RCPT and DATA together; EHLO and the login together. */
  readonly commandMs: number;
  /**
   * From the message's first byte to its answer; the claim is renewed meanwhile. RFC 5321 §4.5.3.2.6 asks for minutes after the final dot, because a client that gives up early makes copies.
   */
  readonly dataMs: number;
}

export const DEFAULT_SMTP_TIMEOUTS: SmtpTimeouts = { connectMs: 10_000, commandMs: 10_000, dataMs: 60_000 };
