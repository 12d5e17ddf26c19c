import type { Socket } from 'node:net';
import { answer, dropped, timeout, type Exchange, type Expected, type Wait } from './exchange.ts';
import type { Extensions } from './extensions.ts';
import { ReplyParser, type SmtpReply } from './reply.ts';
import { SmtpError } from './smtp-error.ts';

const QUIT_PATIENCE_MS = 1_000;
/** What stands behind a message that is not answered by then goes another way: one slow mail delays no other. */
const MOST_BEHIND_MS = 500;
/** A server that read it answers MAIL at once; some that announce PIPELINING lose what stands behind a dot. */
const LOST_MS = 1_000;
/** RFC 5321 §3.8: the server closes the connection, whatever it answers. */
export const CLOSING_CODE = 421;

/**
 * A greeted, secured and logged-in connection, from MAIL onwards. Exchanges that begin within one turn of the event
 * loop go out in one write, and each gets its own replies: an envelope may stand behind another mail's message
 * (RFC 2920 §3.1).
 */
export class SmtpSession {
  readonly extensions: Extensions;
  /** Transactions begun on it. */
  mails = 0;
  /** Mails that it is lent to now. */
  users = 0;
  /** How often its mail left a connection that was overtaken. */
  moves = 0;
  /** A refusal may have left a transaction open: RSET before the next one. */
  needsReset = false;
  /** Its last message was answered soon: the next one will hardly keep waiting what stands behind it. */
  isQuick = false;
  /** No further mail begins on it. */
  isRetired = false;
  /** The server read nothing of what stood behind a message. */
  losesFollowers = false;
  /** Why it cannot be used any more. */
  ended: SmtpError | undefined;
  private readonly socket: Socket;
  private readonly parser = new ReplyParser();
  private readonly listeners: (() => void)[] = [];
  private tellReply: (wait: Wait) => void = () => undefined;
  private readonly expected: Expected[] = [];
  /** One timer for all exchanges, armed for the earliest end of any: what is answered in time touches it rarely. */
  private timer: NodeJS.Timeout | undefined;
  private timerAt = Infinity;
  private isCorked = false;
  /** What stood behind a message was given up: its envelope is open, so behind that answer nothing can be sent. */
  private isForsaken = false;

  constructor(socket: Socket, extensions: Extensions) {
    this.socket = socket;
    this.extensions = extensions;
    socket.on('data', (chunk: Buffer) => this.received(chunk));
    socket.on('error', (cause: Error) => this.end(dropped(cause)));
    socket.on('end', () => this.end(dropped()));
    socket.on('close', () => this.end(dropped()));
    if (socket.destroyed) this.end(dropped());
  }

  /** Tells `listener` when the session has ended for whatever reason. */
  onEnd(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Tells `listener` of each reply, with what was waited for until then. */
  onReply(listener: (wait: Wait) => void): void {
    this.tellReply = listener;
  }

  /** What the server has to answer now, if anything. */
  get awaits(): Wait | undefined {
    return this.expected[0];
  }

  /**
   * Writes and waits for `count` replies, `ms` milliseconds at most from when all before it is answered. A 421 ends the
   * session. Never rejects.
   */
  exchange(bytes: string | readonly Buffer[], count: number, ms: number): Promise<Exchange> {
    const { ended } = this;
    if (ended) return Promise.resolve({ replies: [], ended, written: false, isBehind: true });
    return new Promise((resolve) => {
      const since = performance.now();
      const isFollower = this.expected.length > 0;
      const deadline = since + (isFollower ? MOST_BEHIND_MS : ms);
      const isMessage = typeof bytes !== 'string';
      const owed = { replies: [], count, ms, resolve, isFollower, isMessage, since };
      const one: Expected = { ...owed, deadline, written: false };
      this.expected.push(one);
      this.arm(deadline);
      this.write(bytes, one);
    });
  }

  /** Forgets a transaction that a refusal left open; ends the session when the server does not go along. */
  async reset(ms: number): Promise<void> {
    const { replies } = await this.exchange('RSET\r\n', 1, ms);
    if (replies[0]?.code !== 250) this.end(new SmtpError('SMTP_PROTOCOL', 'The mail server refused RSET'));
  }

  /** Ends the session at once, whatever is under way. */
  end(error: SmtpError): void {
    if (this.ended) return;
    this.hasEnded(error);
    clearTimeout(this.timer);
    this.socket.destroy();
    this.expected.splice(0).forEach((one, place) => answer(one, error, place > 0 || this.losesFollowers));
  }

  /** Says goodbye; resolves when the connection is closed. */
  quit(): Promise<void> {
    if (this.socket.destroyed) return Promise.resolve();
    clearTimeout(this.timer);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.socket.destroy(), QUIT_PATIENCE_MS);
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

  private write(bytes: string | readonly Buffer[], one: Expected): void {
    if (!this.isCorked) {
      this.isCorked = true;
      this.socket.cork();
      // Behind all promises that are settled now: who was told that it may speak behind this has spoken by then.
      process.nextTick(() => this.flush());
    }
    if (typeof bytes === 'string') {
      this.socket.write(bytes, 'latin1');
      return;
    }
    const last = bytes.length - 1;
    bytes.forEach((piece, index) => {
      if (index < last) this.socket.write(piece);
      else this.socket.write(piece, (error) => (one.written ||= !error));
    });
  }

  private flush(): void {
    this.isCorked = false;
    this.socket.uncork();
    // Of half a write nobody knows whether it was cut in a message or in what stands behind it.
    if (!this.socket.errored) for (const one of this.expected.slice(0, -1)) one.written = true;
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
    const [first] = this.expected;
    if (first) {
      first.replies.push(reply);
      this.tellReply(first);
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
    } else if (first.isFollower && first.replies.length === 1) {
      // It was read: from here it has as long as any.
      first.deadline = performance.now() + first.ms;
    }
  }

  private answered(first: Expected): void {
    this.expected.shift();
    answer(first);
    const [next] = this.expected;
    if (next) {
      next.since = performance.now();
      next.deadline = next.since + Math.min(next.ms, LOST_MS);
      this.arm(next.deadline);
    }
    if (this.isForsaken) this.end(new SmtpError('SMTP_SENDER_CLOSED', 'An envelope was left open'));
  }

  private arm(deadline: number): void {
    if (deadline >= this.timerAt) return;
    clearTimeout(this.timer);
    this.timerAt = deadline;
    this.timer = setTimeout(() => this.checkTime(), Math.ceil(deadline - performance.now()));
  }

  private checkTime(): void {
    this.timerAt = Infinity;
    const [first, ...behind] = this.expected;
    if (!first) return;
    const now = performance.now();
    if (now >= first.deadline) {
      this.losesFollowers = first.isFollower && first.replies.length === 0;
      return this.end(timeout(first.ms));
    }
    if (behind.some(({ deadline }) => now >= deadline)) {
      this.isForsaken = true;
      for (const one of this.expected.splice(1)) answer(one, timeout(MOST_BEHIND_MS), true);
    }
    for (const { deadline } of this.expected) this.arm(deadline);
  }
}
