/** How long the mail server may take, in milliseconds. */
export interface SmtpTimeouts {
  /** From the name's look-up to the greeting (RFC 5321 §4.5.3.2.1). */
  readonly greetingMs: number;
  /** STARTTLS and its handshake, only where it may be given up (`Opener`); elsewhere it has as long as the rest. */
  readonly tlsMs: number;
  /** EHLO, STARTTLS and the login together; MAIL, RCPT and DATA together (RFC 5321 §4.5.3.2.2 to .4). */
  readonly commandMs: number;
  /**
   * From the message's first byte to its answer; the claim is renewed meanwhile. RFC 5321 §4.5.3.2.6 asks for ten minutes
   * after the final dot, because a client that gives up early makes copies.
   */
  readonly dataMs: number;
  /** A server that says nothing at all for so long is asked by other connections whether it is still there. */
  readonly silentMs: number;
}

export const DEFAULT_SMTP_TIMEOUTS: SmtpTimeouts = {
  greetingMs: 300_000,
  tlsMs: 10_000,
  commandMs: 300_000,
  dataMs: 600_000,
  silentMs: 5_000,
};
