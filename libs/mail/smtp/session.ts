import type { Socket } from 'node:net';
import type { Extensions } from './extensions.ts';
import { ReplyParser, type SmtpReply } from './reply.ts';
import { SmtpError } from './smtp-error.ts';

/** What came back for what was written. */
export interface Exchange {
  /** As many replies as were expected, or fewer when the session ended. */
  readonly replies: readonly SmtpReply[];
  /** Why no more replies will come; absent while the session lives. */
  readonly ended?: SmtpError;
  /** All bytes were handed to the operating system: from then on nobody knows what the server has of them. */
  readonly written: boolean;
}

interface Waiting {
  readonly replies: SmtpReply[];
  readonly expected: number;
  readonly resolve: (exchange: Exchange) => void;
  readonly timer: NodeJS.Timeout;
  written: boolean;
}

const QUIT_PATIENCE_MS = 1_000;
/** RFC 5321 §3.8: the server closes the connection, whatever it answers. */
export const CLOSING_CODE = 421;

/** A greeted, secured and logged-in connection, from MAIL onwards. One exchange at a time. */
export class SmtpSession {
  readonly extensions: Extensions;
  /** Transactions begun on it. */
  mails = 0;
  /** A refusal may have left a transaction open: RSET before the next one. */
  needsReset = false;
  /** Why it cannot be used any more. */
  ended: SmtpError | undefined;
  private readonly socket: Socket;
  private readonly parser = new ReplyParser();
  private readonly listeners: (() => void)[] = [];
  private waiting: Waiting | undefined;

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

  /** Writes and waits for `expected` replies, `ms` milliseconds at most. A 421 ends the session. Never rejects. */
  exchange(bytes: string | readonly Buffer[], expected: number, ms: number): Promise<Exchange> {
    if (this.ended) return Promise.resolve({ replies: [], ended: this.ended, written: false });
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.end(new SmtpError('SMTP_TIMEOUT', `The mail server did not answer within ${ms} ms`));
      }, ms);
      const waiting: Waiting = { replies: [], expected, resolve, timer, written: false };
      this.waiting = waiting;
      this.write(bytes, () => {
        waiting.written = true;
      });
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
    this.ended = error;
    this.socket.destroy();
    this.answer(error);
    for (const listener of this.listeners) listener();
  }

  /** Says goodbye; resolves when the connection is closed. */
  quit(): Promise<void> {
    if (this.socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.socket.destroy(), QUIT_PATIENCE_MS);
      this.socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.ended ??= new SmtpError('SMTP_SENDER_CLOSED', 'The connection was given up');
      this.socket.end('QUIT\r\n');
    });
  }

  private write(bytes: string | readonly Buffer[], onWritten: () => void): void {
    const done = (error?: Error | null): void => {
      if (!error) onWritten();
    };
    if (typeof bytes === 'string') {
      this.socket.write(bytes, 'latin1', done);
      return;
    }
    // One system call, one segment: the final dot never waits for an acknowledgement.
    this.socket.cork();
    bytes.forEach((piece, index) => {
      if (index < bytes.length - 1) this.socket.write(piece);
      else this.socket.write(piece, done);
    });
    this.socket.uncork();
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
    const { waiting } = this;
    waiting?.replies.push(reply);
    if (reply.code === CLOSING_CODE) {
      this.end(
        new SmtpError('SMTP_CLOSING', 'The mail server closes the connection (421)', {
          replyCode: CLOSING_CODE,
        }),
      );
    } else if (!waiting) {
      this.end(new SmtpError('SMTP_PROTOCOL', `The mail server sent a reply to nothing (${reply.code})`));
    } else if (waiting.replies.length === waiting.expected) {
      this.answer();
    }
  }

  private answer(ended?: SmtpError): void {
    const { waiting } = this;
    if (!waiting) return;
    this.waiting = undefined;
    clearTimeout(waiting.timer);
    const { replies, written } = waiting;
    waiting.resolve(ended ? { replies, ended, written } : { replies, written });
  }
}

function dropped(cause?: Error): SmtpError {
  return new SmtpError('SMTP_DROPPED', 'The mail server dropped the connection', { cause });
}
