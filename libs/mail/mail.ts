import type { AccessMailEvent, FaultEvent, NotifyEvent } from '#events';

/** The secret of an access mail, sealed until the mail is rendered (O5). */
export type AccessSecret = { readonly code: string } | { readonly link: string };

/**
 * The input that a mail is composed from. A fault mail needs the texts of its line. A recovery also reports the fault
 * when `tellsFaultAt` (epoch ms) is set (R4). An access mail carries its unsealed secret.
 */
export type MailContent =
  | { readonly event: Exclude<NotifyEvent, FaultEvent | AccessMailEvent> }
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

/** A complete mail for one recipient. `message` is what follows DATA: CRLF line ends, not yet dot-stuffed. */
export interface ComposedMail {
  /** Envelope sender (MAIL FROM): the VERP address. */
  readonly from: string;
  /** Envelope recipient (RCPT TO), as stored, unquoted. */
  readonly to: string;
  readonly messageId: string;
  readonly message: Buffer;
}
