import type { ComposedMail } from '../mail.ts';
import type { BeforeData, MailSender, SendResult } from './mail-sender.ts';
import { OpportunisticOpener } from './opportunistic-opener.ts';
import type { SmtpServerAddress } from './open-session.ts';
import { createSendPermit } from './send-permit.ts';
import { SessionPool } from './session-pool.ts';
import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';
import { DEFAULT_SMTP_TIMEOUTS, type SmtpTimeouts } from './smtp-timeouts.ts';
import { runTransaction } from './transaction.ts';

export interface SmtpSenderOptions {
  readonly server: SmtpServerAddress;
  /** The most connections at once, until `setConnectionLimit` says otherwise. */
  readonly connections: number;
  /** The name for EHLO. Absent: this host's. */
  readonly clientName?: string;
  readonly timeouts?: Partial<SmtpTimeouts>;
  /** A connection is replaced after this many mails. Default: 1,000. */
  readonly mailsPerConnection?: number;
  /** An idle connection is closed after this many milliseconds. Default: 20,000. */
  readonly idleMs?: number;
  /** Called when STARTTLS failed and mail is sent in clear text instead, where that is allowed. */
  readonly onTlsFailed?: (error: SmtpError) => void;
  /** Called once when the server goes silent on all connections. Mails that wait for a connection are refused then. */
  readonly onSilent?: (error: SmtpError) => void;
  /** Called with the number of mails that wait long for a reply, when it changes. They do not count against `connections`. */
  readonly onSlow?: (mails: number) => void;
}

const MAILS_PER_CONNECTION = 1_000;
/** Well below the five minutes of RFC 5321 §4.5.3.2.7, and the one minute that some servers grant. */
const IDLE_MS = 20_000;
/** After this many stale connections the mail itself is suspected of making the server hang up. */
const MAX_STALE = 3;

/**
 * Creates the SMTP sender. nodemailer sets up connections; the mail transactions are ours. Mails queue for a free
 * connection; callers limit the queue. A mail or address that must not reach a server makes `send` reject with
 * `SMTP_MAIL_UNFIT`.
 */
export function createSmtpSender(options: SmtpSenderOptions): MailSender {
  const timeouts: SmtpTimeouts = { ...DEFAULT_SMTP_TIMEOUTS, ...options.timeouts };
  const opener = new OpportunisticOpener({ ...options, timeouts }, (error) => options.onTlsFailed?.(error));
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
  opener: OpportunisticOpener,
  mail: ComposedMail,
  beforeData: BeforeData,
  timeouts: SmtpTimeouts,
): Promise<SendResult> {
  const permit = createSendPermit(beforeData);
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
      const allowPipelining = (): void => pool.share(session);
      const end = await runTransaction(session, { mail, permit, timeouts, allowPipelining });
      opener.learn(session, end);
      if (end.kind !== 'stale') return end;
      // Once, the failure is put down to the mail ahead. From then on this mail has its connection to itself.
      if (end.error.code === 'SMTP_OVERTAKEN') moves += 1;
      else if (end.notReached && !isAlone) isAlone = true;
      else stale += 1;
      if (stale >= MAX_STALE) return { kind: 'cut-off', error: end.error };
    } finally {
      pool.release(session);
    }
  }
}
