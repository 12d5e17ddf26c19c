import type { MailDomainLabel } from './mail-domain-label.ts';

/**
 * Why a relay refuses us, whoever the mail is for; a metric's label. `sender` is about one sender's address or domain,
 * the others are about the installation.
 */
export const RELAY_REFUSALS = ['login', 'access', 'limit', 'name', 'server', 'sender'] as const;
export type RelayRefusal = (typeof RELAY_REFUSALS)[number];

/** What a reply answers: MAIL, RCPT, DATA, or the message behind its final dot. */
export type Stage = 'mail' | 'rcpt' | 'data' | 'dot';

/** The transaction that a reply belongs to: its stage, and the addresses of its envelope. */
export interface Asked {
  readonly stage: Stage;
  readonly from: string;
  readonly to: string;
}

/** What a reply means for one recipient's mail. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** `refusedUs`: the relay refuses us, whoever the mail is for. */
  | { readonly kind: 'later'; readonly refusedUs?: RelayRefusal }
  | { readonly kind: 'never'; readonly cause: 'address' | 'filtered' | 'ours' }
  /** The server serves us nothing at all as we are: nobody's attempt. */
  | { readonly kind: 'unavailable' };

/** What a reply means for the mail, and for the operator: what happened, and what there is to do about it. */
export interface Answer {
  readonly verdict: Verdict;
  readonly means: string;
}

/** One row: all conditions that it names have to hold. */
export interface AnswerRule extends Answer {
  /** The receiving domains whose answer this is; absent: anybody's. */
  readonly domains?: readonly MailDomainLabel[];
  /** The reply's code. */
  readonly code: RegExp;
  /** RFC 3463's code. */
  readonly enhanced?: RegExp;
  /** The text without codes. */
  readonly text?: RegExp;
}
