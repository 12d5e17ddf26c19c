import type { SmtpReply } from './reply.ts';
import { SmtpError } from './smtp-error.ts';

/** What came back for what was written. */
export interface Exchange {
  /** As many replies as were expected, or fewer when no more will come. */
  readonly replies: readonly SmtpReply[];
  /** Why no more replies will come; absent when all came. */
  readonly ended?: SmtpError;
  /** All bytes may have been handed to the operating system: nobody knows what the server has of them. */
  readonly written: boolean;
  /** It ended while what was written before it had no answer yet: the server has not come to this. */
  readonly isBehind: boolean;
}

/** Replies that are owed to one exchange; the server answers in the order in which it was spoken to. */
export interface Expected {
  readonly replies: SmtpReply[];
  readonly count: number;
  readonly ms: number;
  readonly resolve: (exchange: Exchange) => void;
  /** It was said while something before it had no answer. */
  readonly isFollower: boolean;
  /** A message, whose answer decides whether it was taken. */
  readonly isMessage: boolean;
  /** When the server's turn came: everything before it was answered, or a part of it was. */
  since: number;
  /** When it is given up (`performance.now()`). */
  deadline: number;
  written: boolean;
}

/** What a session waits for. */
export type Wait = Pick<Expected, 'since' | 'isMessage'>;

/** Gives an exchange what came for it. */
export function answer({ replies, written, resolve }: Expected, ended?: SmtpError, isBehind = false): void {
  resolve(ended ? { replies, ended, written, isBehind } : { replies, written, isBehind });
}

export function timeout(ms: number): SmtpError {
  return new SmtpError('SMTP_TIMEOUT', `The mail server did not answer within ${ms} ms`);
}

export function dropped(cause?: Error): SmtpError {
  return new SmtpError('SMTP_DROPPED', 'The mail server dropped the connection', { cause });
}
