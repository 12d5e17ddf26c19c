import type { MailDomainLabel } from './mail-domain-label.ts';

/** Why a relay refuses us, whoever the mail is for; a metric's label. */
export const RELAY_REFUSALS = ['login', 'access', 'limit', 'name'] as const;
export type RelayRefusal = (typeof RELAY_REFUSALS)[number];

/** What a reply means for one recipient's mail. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** `refusedUs`: the relay refuses us, whoever the mail is for. */
  | { readonly kind: 'later'; readonly refusedUs?: RelayRefusal }
  | { readonly kind: 'never'; readonly cause: 'address' | 'filtered' | 'ours' }
  /** The server serves us nothing at all as we are: nobody's attempt. */
  | { readonly kind: 'unavailable' };

/** One row: all conditions that it names have to hold. */
export interface AnswerRule {
  /** The receiving domains whose answer this is; absent: anybody's. */
  readonly domains?: readonly MailDomainLabel[];
  /** The reply's code. */
  readonly code: RegExp;
  /** RFC 3463's code. */
  readonly enhanced?: RegExp;
  /** The text without codes. */
  readonly text?: RegExp;
  readonly verdict: Verdict;
  /** For the operator: what happened, and what there is to do about it. */
  readonly means: string;
}
