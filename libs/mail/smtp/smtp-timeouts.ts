/** Time-outs of the SMTP dialogue, in milliseconds. */
export interface SmtpTimeouts {
  /** From the DNS look-up to the greeting (RFC 5321 §4.5.3.2.1). */
  readonly greetingMs: number;
  /** STARTTLS and its handshake, only where clear text is an alternative (`OpportunisticOpener`). Else `commandMs` covers it. */
  readonly tlsMs: number;
  /** EHLO, STARTTLS and the login together; MAIL, RCPT and DATA together (RFC 5321 §4.5.3.2.2 to .4). */
  readonly commandMs: number;
  /**
   * From the message's first byte to its reply. The claim is renewed meanwhile. RFC 5321 §4.5.3.2.6 demands ten minutes
   * after the final dot, because a client that gives up early causes duplicates.
   */
  readonly dataMs: number;
  /** How long the server may be silent on all connections before other connections probe it. */
  readonly silentMs: number;
}

export const DEFAULT_SMTP_TIMEOUTS: SmtpTimeouts = {
  greetingMs: 300_000,
  tlsMs: 10_000,
  commandMs: 300_000,
  dataMs: 600_000,
  silentMs: 5_000,
};
