import type { ComposedMail } from '../mail.ts';
import type { BeforeData, MailSender, SendResult } from './mail-sender.ts';
import { Opener } from './open-opportunistically.ts';
import type { SmtpServerAddress } from './open-session.ts';
import { createRelease } from './release.ts';
import { SessionPool } from './session-pool.ts';
import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';
import { DEFAULT_SMTP_TIMEOUTS, type SmtpTimeouts } from './smtp-timeouts.ts';
import { runTransaction } from './transaction.ts';

export interface SmtpSenderOptions {
  readonly server: SmtpServerAddress;
  /** The most connections at once, until `setConnectionLimit` says otherwise. */
  readonly connections: number;
  /** The name for EHLO; absent: this host's. */
  readonly clientName?: string;
  readonly timeouts?: Partial<SmtpTimeouts>;
  /** After so many mails a connection is replaced; 1,000 when absent. */
  readonly mailsPerConnection?: number;
  /** An unused connection is closed after so many milliseconds; 20,000 when absent. */
  readonly idleMs?: number;
  /** Told when the server's STARTTLS failed and mail goes in clear text instead, where that is allowed. */
  readonly onTlsFailed?: (error: SmtpError) => void;
  /** Told once when the server says nothing at all, on no connection; mails that wait for one are refused then. */
  readonly onSilent?: (error: SmtpError) => void;
  /** Told how many mails wait long for an answer, when that changes: they do not count against `connections`. */
  readonly onSlow?: (mails: number) => void;
}

const MAILS_PER_CONNECTION = 1_000;
/** Well below the five minutes of RFC 5321 §4.5.3.2.7, and the minute that some servers give. */
const IDLE_MS = 20_000;
/** Connections that turn out to be given up by the server, or end with the mail ahead, before the mail itself is suspected. */
const MOST_STALE = 3;

/**
 * The SMTP sender: nodemailer sets connections up, the transactions are ours. Mails wait for a free connection in
 * turn; how many wait is up to the callers. A mail or address that must not reach a server makes `send` reject with
 * `SMTP_MAIL_UNFIT`.
 */
export function createSmtpSender(options: SmtpSenderOptions): MailSender {
  const timeouts: SmtpTimeouts = { ...DEFAULT_SMTP_TIMEOUTS, ...options.timeouts };
  const opener = new Opener({ ...options, timeouts }, (error) => options.onTlsFailed?.(error));
  const pool = new SessionPool({
    open: (signal) => opener.open(signal),
    limit: options.connections,
    mailsPerSession: options.mailsPerConnection ?? MAILS_PER_CONNECTION,
    idleMs: options.idleMs ?? IDLE_MS,
    resetMs: timeouts.commandMs,
    silentMs: timeouts.silentMs,
    onSilent: (error) => options.onSilent?.(error),
    onSlow: (mails) => options.onSlow?.(mails),
  });
  return {
    send: (mail, beforeData) => send(pool, opener, mail, beforeData, timeouts),
    probe: () => pool.probe(),
    setConnectionLimit: (connections) => pool.setLimit(connections),
    close: (graceMs = timeouts.commandMs + timeouts.dataMs) => pool.close(graceMs),
  };
}

async function send(
  pool: SessionPool,
  opener: Opener,
  mail: ComposedMail,
  beforeData: BeforeData,
  timeouts: SmtpTimeouts,
): Promise<SendResult> {
  const release = createRelease(beforeData);
  let isAlone = false;
  let moves = 0;
  for (let stale = 0; ;) {
    let session: SmtpSession;
    try {
      session = await pool.acquire(isAlone);
      session.moves = moves;
    } catch (error) {
      if (error instanceof SmtpError) return { kind: 'unavailable', error };
      throw error;
    }
    try {
      const mayFollow = (): void => pool.share(session);
      const end = await runTransaction(session, { mail, release, timeouts, mayFollow });
      opener.learn(session, end);
      if (end.kind !== 'stale') return end;
      // What went wrong with the mail before it says nothing of this one: once, and from then on nothing is before it.
      if (end.error.code === 'SMTP_OVERTAKEN') moves += 1;
      else if (end.isBehind && !isAlone) isAlone = true;
      else stale += 1;
      if (stale >= MOST_STALE) return { kind: 'cut-off', error: end.error };
    } finally {
      pool.release(session);
    }
  }
}
