import type { CallEvent, FaxEvent, FaultEvent, AccessMailEvent } from '#events';

/** What an access mail carries sealed until it is rendered (O5). */
export type AccessSecret = { readonly code: string } | { readonly link: string };

/**
 * What a mail can be made of. A fault's mail needs the line's texts; a recovery tells the fault too when
 * `tellsFaultAt` (epoch ms) is there (R4); an access mail carries its opened secret.
 */
export type MailContent =
  | { readonly event: CallEvent }
  | { readonly event: FaxEvent }
  | {
      readonly event: FaultEvent;
      readonly contractorName: string;
      readonly location: string;
      readonly tellsFaultAt?: number;
    }
  | {
      readonly event: AccessMailEvent;
      readonly secret?: AccessSecret;
    };

/** One mail for one recipient, complete: `message` are the bytes after DATA, CRLF line ends, not yet dot-stuffed. */
export interface ComposedMail {
  /** Envelope sender (MAIL FROM): the VERP address. */
  readonly from: string;
  /** Envelope recipient (RCPT TO), as stored, unquoted. */
  readonly to: string;
  readonly messageId: string;
  readonly message: Buffer;
}
