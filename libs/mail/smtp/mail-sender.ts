import type { ComposedMail } from '../mail.ts';
import type { RelayRefusal } from './answer-rule.ts';

/** What the answer of a mail server means for one recipient's mail. */
export type SendResult =
  /** 250 after the final dot: the server took it. */
  | { readonly kind: 'accepted'; readonly response: string }
  /** Refused for now (4xx, and the few 5xx that are soft): this recipient's attempt. */
  | {
      readonly kind: 'later';
      readonly response: string;
      readonly code: string;
      /** The relay refuses us, whoever the mail is for. */
      readonly refusedUs?: RelayRefusal;
    }
  /** A final refusal. `cause` says whose: the address is dead, the mail was filtered, or our own configuration. */
  | {
      readonly kind: 'never';
      readonly response: string;
      readonly code: string;
      readonly cause: 'address' | 'filtered' | 'ours';
    }
  /**
   * The server cannot be used at all (refused, greeting, EHLO, TLS, login, DNS, or MAIL asks for a login): nobody's
   * attempt, the breaker opens.
   */
  | { readonly kind: 'unavailable'; readonly error: Error }
  /** 421 (behind the message too), or a drop or time-out before its final dot left this host: nothing was taken. */
  | { readonly kind: 'cut-off'; readonly error: Error }
  /** The connection died between the final dot and its answer: it may have arrived. */
  | { readonly kind: 'in-doubt'; readonly error: Error };

/**
 * Says whether a message may leave, by rejecting if not. `'ask-again'`: until its first byte leaves, it may be called back
 * (R4), so that an answer given beside the envelope does not do.
 */
export type BeforeData = () => Promise<'ask-again' | void>;

/** Puts one mail into one SMTP transaction and never tries again itself. Never rejects for what a server does. */
export interface MailSender {
  /**
   * `beforeData` is called once, perhaps while the envelope is on its way, again when that took seconds or it asks for that,
   * and awaited before the first byte of the message leaves; when it rejects, nothing is sent and the rejection is passed
   * on. Rejects with `SMTP_MAIL_UNFIT` for a mail that must not reach a server (a bug of ours).
   */
  send(mail: ComposedMail, beforeData: BeforeData): Promise<SendResult>;
  /** Connects, greets and logs in, to learn whether the server can be used; `undefined` when it can. */
  probe(): Promise<Error | undefined>;
  /** How many connections may be open at once; the breaker lowers and raises it (slow start). */
  setConnectionLimit(connections: number): void;
  /** Refuses what waits and lets what is under way finish, for `graceMs` at most (without it: for as long as that takes). */
  close(graceMs?: number): Promise<void>;
}
