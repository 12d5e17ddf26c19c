/**
 * Where the fault occurs in the SMTP dialogue: `tls` after STARTTLS, which is offered only for this; `auth` at the login;
 * `message` inside DATA; `dot` after the final dot.
 */
export type Stage = 'greeting' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'message' | 'dot';

/** How the mail server misbehaves. */
export interface MailFault {
  readonly at: Stage;
  /** A reply code (421 also closes the connection), silence, or a closed connection. */
  readonly does: number | 'hang' | 'close';
  /** Connections that hang stay silent after the fault is over, as when a firewall has dropped their state. */
  readonly forgets?: boolean;
  /** The text of a refusal that is not about the recipient, so it must not bounce the mail. */
  readonly says?: string;
  /** For `dot`: whether the message is accepted anyway. */
  readonly takes?: boolean;
  /** The share of transactions affected, 0 to 1; all by default. */
  readonly share?: number;
  /** Affects each recipient only once, so that the retry succeeds even while the fault lasts. */
  readonly once?: boolean;
  /** Affects only these recipients. */
  readonly only?: (address: string) => boolean;
}

/** How long the server takes at each step, in milliseconds. */
export interface Effort {
  readonly greeting: number;
  readonly rcpt: number;
  /** To store a message; drawn for each. */
  readonly dot: readonly [from: number, to: number];
  /** Instead of `dot`, for some messages. */
  readonly slowDot?: { readonly ms: number; readonly share: number };
}
