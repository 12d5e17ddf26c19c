/**
 * Why a relay refuses us, whoever the recipient is. A metric label. `sender` concerns one sender's address or domain, the
 * others the whole installation.
 */
export const RELAY_REFUSALS = ['login', 'access', 'limit', 'name', 'server', 'sender'] as const;
export type RelayRefusal = (typeof RELAY_REFUSALS)[number];

/** What a reply responds to: MAIL, RCPT, DATA, or the message with its final dot. */
export type Stage = 'mail' | 'rcpt' | 'data' | 'dot';

/** The transaction that a reply belongs to: its stage and the addresses of its envelope. */
export interface ReplyContext {
  readonly stage: Stage;
  readonly from: string;
  readonly to: string;
}

/** How a reply is classified: what it means for one recipient's mail. */
export type ReplyClass =
  | { readonly kind: 'accepted' }
  /** `refusedUs`: the relay refuses us, whoever the recipient is. */
  | { readonly kind: 'later'; readonly refusedUs?: RelayRefusal }
  | { readonly kind: 'never'; readonly cause: 'address' | 'filtered' | 'ours' }
  /** The server refuses us any service. Does not count as an attempt. */
  | { readonly kind: 'unavailable' };

/** What a reply means for the mail, and for the operator: what happened and what to do about it. */
export interface ReplyMeaning {
  readonly class: ReplyClass;
  readonly means: string;
}
