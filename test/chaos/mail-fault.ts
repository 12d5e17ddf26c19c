/**
 * Where in the dialogue something goes wrong; `tls` is behind STARTTLS, which is offered only then, `auth` is the login,
 * `message` inside DATA, `dot` behind the final dot.
 */
export type Stage = 'greeting' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'message' | 'dot';

/** How the mail server misbehaves. */
export interface MailFault {
  readonly at: Stage;
  /** A reply's code (421 hangs up after it), silence with the connection open, or the connection closed. */
  readonly does: number | 'hang' | 'close';
  /** What hangs stays silent although the server behaves again, as connections do that a firewall has forgotten. */
  readonly forgets?: boolean;
  /** The words behind the code of a refusal that is not about its recipient: it must bounce nobody's mail. */
  readonly says?: string;
  /** For `dot`: whether the message is taken all the same. */
  readonly takes?: boolean;
  /** How many of the transactions meet it, 0 to 1; all when absent. */
  readonly share?: number;
  /** No recipient meets it twice, so that the next try succeeds however long the fault lasts. */
  readonly once?: boolean;
  /** Only this recipient meets it. */
  readonly only?: (address: string) => boolean;
}

/** How long a server takes for what it does, in milliseconds. */
export interface Effort {
  readonly greeting: number;
  readonly rcpt: number;
  /** To keep a message; drawn anew for each. */
  readonly dot: readonly [from: number, to: number];
  /** Instead of `dot`, for some messages. */
  readonly slowDot?: { readonly ms: number; readonly share: number };
}
