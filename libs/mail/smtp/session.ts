import type { Socket } from 'node:net';
import {
  dropped,
  finish,
  timeout,
  type GroupResult,
  type PendingGroup,
  type PendingReply,
} from './command-group.ts';
import type { Extensions } from './extensions.ts';
import { ReplyParser, type SmtpReply } from './reply.ts';
import { SmtpError } from './smtp-error.ts';

const QUIT_TIMEOUT_MS = 1_000;
/** How long an envelope waits behind a message. Then its mail takes another connection: one slow mail delays no other. */
const MAX_PIPELINED_WAIT_MS = 500;
/** A server that has read MAIL replies at once. Some announce PIPELINING and yet discard what follows the final dot. */
const DISCARDED_MS = 1_000;
/** RFC 5321 §3.8: the server closes the connection, whichever command it replies to. */
export const CLOSING_CODE = 421;

/**
 * A connection after greeting, TLS and login, from MAIL onwards. Command groups sent in one turn of the event loop go out
 * in one write, and each gets its own replies: an envelope may be pipelined behind the message of another mail (RFC 2920
 * §3.1).
 */
export class SmtpSession {
  readonly extensions: Extensions;
  /** Transactions started so far. */
  mails = 0;
  /** Mails that use it now. */
  users = 0;
  /** How often its mail has already been moved off an overtaken connection. */
  moves = 0;
  /** A refusal may have left a transaction open: RSET comes before the next one. */
  needsReset = false;
  /** Its last message was answered quickly, so an envelope behind the next one should not wait long. */
  isQuick = false;
  /** No further mail starts on it. */
  isRetired = false;
  /** The server discarded what was pipelined behind a message. */
  discardsPipelined = false;
  /** Why it can no longer be used. */
  ended: SmtpError | undefined;
  private readonly socket: Socket;
  private readonly parser = new ReplyParser();
  private readonly listeners: (() => void)[] = [];
  private replyListener: (reply: PendingReply) => void = () => undefined;
  private readonly pending: PendingGroup[] = [];
  /** One timer for all groups, set to the earliest deadline. Groups answered in time rarely reset it. */
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Infinity;
  private isCorked = false;
  /** A pipelined envelope was given up. It is open at the server, so nothing may be sent after the current reply. */
  private hasAbandonedEnvelope = false;

  constructor(socket: Socket, extensions: Extensions) {
    this.socket = socket;
    this.extensions = extensions;
    socket.on('data', (chunk: Buffer) => this.received(chunk));
    socket.on('error', (cause: Error) => this.end(dropped(cause)));
    socket.on('end', () => this.end(dropped()));
    socket.on('close', () => this.end(dropped()));
    if (socket.destroyed) this.end(dropped());
  }

  /** Calls `listener` when the session has ended, for whatever reason. */
  onEnd(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Calls `listener` at each reply, with what was pending until then. */
  onReply(listener: (reply: PendingReply) => void): void {
    this.replyListener = listener;
  }

  /** The reply that is due now, if any. */
  get pendingReply(): PendingReply | undefined {
    return this.pending[0];
  }

  /**
   * Writes a command group, or a message as buffers, and waits for `count` replies. `ms` is the time-out in milliseconds
   * from when all earlier groups are answered. A 421 ends the session. Never rejects.
   */
  send(bytes: string | readonly Buffer[], count: number, ms: number): Promise<GroupResult> {
    const { ended } = this;
    if (ended) return Promise.resolve({ replies: [], ended, written: false, notReached: true });
    return new Promise((resolve) => {
      const since = performance.now();
      const isPipelined = this.pending.length > 0;
      const deadline = since + (isPipelined ? MAX_PIPELINED_WAIT_MS : ms);
      const isMessage = typeof bytes !== 'string';
      const expected = { replies: [], count, ms, resolve, isPipelined, isMessage, since };
      const group: PendingGroup = { ...expected, deadline, written: false };
      this.pending.push(group);
      this.arm(deadline);
      this.write(bytes, group);
    });
  }

  /** Resets a transaction that a refusal left open. Ends the session when the server refuses RSET. */
  async reset(ms: number): Promise<void> {
    const { replies } = await this.send('RSET\r\n', 1, ms);
    if (replies[0]?.code !== 250) this.end(new SmtpError('SMTP_PROTOCOL', 'The mail server refused RSET'));
  }

  /** Ends the session at once, whatever is pending. */
  end(error: SmtpError): void {
    if (this.ended) return;
    this.hasEnded(error);
    clearTimeout(this.timer);
    this.socket.destroy();
    this.pending.splice(0).forEach((group, at) => finish(group, error, at > 0 || this.discardsPipelined));
  }

  /** Sends QUIT. Resolves when the connection is closed. */
  quit(): Promise<void> {
    if (this.socket.destroyed) return Promise.resolve();
    clearTimeout(this.timer);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.socket.destroy(), QUIT_TIMEOUT_MS);
      this.socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.hasEnded(new SmtpError('SMTP_SENDER_CLOSED', 'The connection was given up'));
      this.socket.end('QUIT\r\n');
    });
  }

  private hasEnded(error: SmtpError): void {
    if (this.ended) return;
    this.ended = error;
    for (const listener of this.listeners) listener();
  }

  private write(bytes: string | readonly Buffer[], group: PendingGroup): void {
    if (!this.isCorked) {
      this.isCorked = true;
      this.socket.cork();
      // Runs after all pending promise callbacks, so that an envelope pipelined behind this joins the same write.
      process.nextTick(() => this.flush());
    }
    if (typeof bytes === 'string') {
      this.socket.write(bytes, 'latin1');
      return;
    }
    const last = bytes.length - 1;
    bytes.forEach((piece, index) => {
      if (index < last) this.socket.write(piece);
      else this.socket.write(piece, (error) => (group.written ||= !error));
    });
  }

  private flush(): void {
    this.isCorked = false;
    this.socket.uncork();
    // When a write fails halfway, it is unknown whether it was cut in a message or in what follows. So all but the last count as written.
    if (!this.socket.errored) for (const group of this.pending.slice(0, -1)) group.written = true;
  }

  private received(chunk: Buffer): void {
    if (this.ended) return;
    try {
      this.parser.push(chunk, (reply) => this.reply(reply));
    } catch (error) {
      this.end(
        error instanceof SmtpError ? error : new SmtpError('SMTP_PROTOCOL', 'Unreadable', { cause: error }),
      );
    }
  }

  private reply(reply: SmtpReply): void {
    if (this.ended) return;
    const [first] = this.pending;
    if (first) {
      first.replies.push(reply);
      this.replyListener(first);
      first.since = performance.now();
    }
    if (reply.code === CLOSING_CODE) {
      this.end(
        new SmtpError('SMTP_CLOSING', 'The mail server closes the connection (421)', {
          replyCode: CLOSING_CODE,
        }),
      );
    } else if (!first) {
      this.end(new SmtpError('SMTP_PROTOCOL', `The mail server sent a reply to nothing (${reply.code})`));
    } else if (first.replies.length === first.count) {
      this.answered(first);
    } else if (first.isPipelined && first.replies.length === 1) {
      // The server has read it: from here on it gets the full time.
      first.deadline = performance.now() + first.ms;
    }
  }

  private answered(first: PendingGroup): void {
    this.pending.shift();
    finish(first);
    const [next] = this.pending;
    if (next) {
      next.since = performance.now();
      next.deadline = next.since + Math.min(next.ms, DISCARDED_MS);
      this.arm(next.deadline);
    }
    if (this.hasAbandonedEnvelope) this.end(new SmtpError('SMTP_SENDER_CLOSED', 'An envelope was left open'));
  }

  private arm(deadline: number): void {
    if (deadline >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = deadline;
    this.timer = setTimeout(() => this.checkTime(), Math.ceil(deadline - performance.now()));
  }

  private checkTime(): void {
    this.timerAt = Infinity;
    const [first, ...pipelined] = this.pending;
    if (!first) return;
    const now = performance.now();
    if (now >= first.deadline) {
      this.discardsPipelined = first.isPipelined && first.replies.length === 0;
      return this.end(timeout(first.ms));
    }
    if (pipelined.some(({ deadline }) => now >= deadline)) {
      this.hasAbandonedEnvelope = true;
      for (const group of this.pending.splice(1)) finish(group, timeout(MAX_PIPELINED_WAIT_MS), true);
    }
    for (const { deadline } of this.pending) this.arm(deadline);
  }
}
