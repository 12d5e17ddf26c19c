import type { SmtpReply } from './reply.ts';
import { SmtpError } from './smtp-error.ts';

/** The result of a command group: commands in one write (RFC 2920), or a message with its final dot. */
export interface GroupResult {
  /** All replies that were expected, or fewer when the session ended first. */
  readonly replies: readonly SmtpReply[];
  /** Why no more replies will come. Absent when all came. */
  readonly ended?: SmtpError;
  /** All bytes may have been handed to the operating system. How many of them the server has is unknown. */
  readonly written: boolean;
  /** It ended while an earlier group was still unanswered: the server never got to this one. */
  readonly notReached: boolean;
}

/** A group that waits for its replies. The server replies in the order of the commands. */
export interface PendingGroup {
  readonly replies: SmtpReply[];
  readonly count: number;
  readonly ms: number;
  readonly resolve: (result: GroupResult) => void;
  /** It was written while an earlier group was unanswered. */
  readonly isPipelined: boolean;
  /** It is a message: its reply decides whether the mail was accepted. */
  readonly isMessage: boolean;
  /** Since when the next reply is due: since every earlier group was answered, or since this group's last reply. */
  since: number;
  /** When it times out (`performance.now()`). */
  deadline: number;
  written: boolean;
}

/** The reply that a session is waiting for. */
export type PendingReply = Pick<PendingGroup, 'since' | 'isMessage'>;

/** Resolves a group with the replies that came for it. */
export function finish(
  { replies, written, resolve }: PendingGroup,
  ended?: SmtpError,
  notReached = false,
): void {
  resolve(ended ? { replies, ended, written, notReached } : { replies, written, notReached });
}

export function timeout(ms: number): SmtpError {
  return new SmtpError('SMTP_TIMEOUT', `The mail server did not answer within ${ms} ms`);
}

export function dropped(cause?: Error): SmtpError {
  return new SmtpError('SMTP_DROPPED', 'The mail server dropped the connection', { cause });
}
