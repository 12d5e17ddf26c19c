import type { ComposedMail } from '../mail.ts';
import type { RelayRefusal } from './reply-meaning.ts';

/** The result of sending one recipient's mail, from the mail server's reply. */
export type SendResult =
  /** 250 to the message: the server accepted the mail. */
  | { readonly kind: 'accepted'; readonly response: string }
  /** A temporary refusal (4xx and the few soft 5xx). Counts as an attempt for this recipient. */
  | {
      readonly kind: 'later';
      readonly response: string;
      readonly code: string;
      /** The relay refuses us, whoever the recipient is. */
      readonly refusedUs?: RelayRefusal;
    }
  /** A final refusal. `cause`: the address is dead, the mail was filtered, or our own configuration is wrong. */
  | {
      readonly kind: 'never';
      readonly response: string;
      readonly code: string;
      readonly cause: 'address' | 'filtered' | 'ours';
    }
  /**
   * The server cannot be used at all (connection, greeting, EHLO, TLS, login or DNS failed, or MAIL requires a login).
   * Does not count as an attempt; the circuit breaker opens.
   */
  | { readonly kind: 'unavailable'; readonly error: Error }
  /** A 421 to any command or the message, or a drop or time-out before the final dot left this host: not accepted. */
  | { readonly kind: 'cut-off'; readonly error: Error }
  /** The connection died between the final dot and its reply: the mail may have been accepted. */
  | { readonly kind: 'in-doubt'; readonly error: Error };

/**
 * Decides whether a message may be sent, and rejects if not. `'ask-again'`: the permission may be revoked until the first
 * byte of the message is sent (R4), so it has to be asked for again after the envelope.
 */
export type BeforeData = () => Promise<'ask-again' | void>;

/** Sends one mail in one SMTP transaction. Never retries and never rejects for anything a server does. */
export interface MailSender {
  /**
   * Calls `beforeData`, possibly while the envelope is being sent, and awaits it before the first byte of the message. Calls
   * it again after some seconds, or when it resolves to `'ask-again'`. If it rejects, the message is not sent and the
   * rejection is passed on. Rejects with `SMTP_MAIL_UNFIT` for a mail that must not reach a server (a bug in our code).
   */
  send(mail: ComposedMail, beforeData: BeforeData): Promise<SendResult>;
  /** Connects and logs in to find out whether the server can be used. Resolves with `undefined` when it can. */
  probe(): Promise<Error | undefined>;
  /** Sets how many connections may be open at once. The circuit breaker lowers and raises it (slow start). */
  setConnectionLimit(connections: number): void;
  /** Refuses waiting mails and lets mails in progress finish, for at most `graceMs` (default: until they time out). */
  close(graceMs?: number): Promise<void>;
}
