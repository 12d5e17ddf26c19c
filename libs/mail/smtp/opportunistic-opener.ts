import { isOpportunistic, openSession, type OpenSessionOptions } from './open-session.ts';
import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';
import type { TransactionEnd } from './transaction.ts';

/** How long to remember what a mail showed about the server's need for TLS. */
const REMEMBERED_MS = 10 * 60_000;
/** RFC 3207 §4 and RFC 4954 §6: TLS is required first. */
const TLS_FIRST = ['530', '538'];
const NAMES_TLS = /\bstarttls\b|\b(?:tls|encryption)\b.{0,20}\b(?:required|needed)\b/i;

/**
 * Opens sessions with opportunistic TLS (RFC 7435): where TLS is not required and no password is at stake, a session whose
 * STARTTLS fails is opened again in clear text. Only a mail shows whether that works, because a server that requires TLS
 * accepts EHLO without it. When a mail is accepted, STARTTLS is skipped for ten minutes and `onTlsFailed` is called. When
 * one is refused for want of TLS, clear text is ruled out for ten minutes: STARTTLS is tried again at once, and if it
 * fails the server cannot be used.
 */
export class OpportunisticOpener {
  private readonly options: OpenSessionOptions;
  private readonly onTlsFailed: (error: SmtpError) => void;
  private tlsBrokenUntil = -Infinity;
  private tlsRequiredUntil = -Infinity;
  /** Sessions in clear text although the server offers TLS. */
  private readonly plaintext = new Set<SmtpSession>();
  /** Why STARTTLS failed, for plaintext sessions opened before a mail has shown anything. */
  private readonly tlsFailures = new WeakMap<SmtpSession, SmtpError>();

  constructor(options: OpenSessionOptions, onTlsFailed: (error: SmtpError) => void) {
    this.options = options;
    this.onTlsFailed = onTlsFailed;
  }

  /** Opens a session. Rejects with `SmtpError`. */
  open(signal: AbortSignal): Promise<SmtpSession> {
    const now = performance.now();
    if (!isOpportunistic(this.options.server) || now < this.tlsRequiredUntil)
      return openSession(this.options, signal);
    return now < this.tlsBrokenUntil ? this.openPlaintext(signal) : this.tryTls(signal);
  }

  /** Learns from the end of a mail transaction on one of its sessions. */
  learn(session: SmtpSession, end: TransactionEnd): void {
    if (!this.plaintext.has(session)) return;
    if (end.kind === 'accepted') return this.plaintextWorks(session);
    if (!demandsTls(end)) return;
    this.tlsBrokenUntil = -Infinity;
    this.tlsRequiredUntil = performance.now() + REMEMBERED_MS;
    for (const one of this.plaintext) one.isRetired = true;
  }

  private async tryTls(signal: AbortSignal): Promise<SmtpSession> {
    let failed: SmtpError | undefined;
    try {
      return await openSession({ ...this.options, onStartTlsFailed: (error) => (failed = error) }, signal);
    } catch (error) {
      if (!failed) throw error;
      const session = await this.openPlaintext(signal);
      this.tlsFailures.set(session, failed);
      return session;
    }
  }

  private async openPlaintext(signal: AbortSignal): Promise<SmtpSession> {
    const session = await openSession({ ...this.options, ignoreTLS: true }, signal);
    this.plaintext.add(session);
    session.onEnd(() => this.plaintext.delete(session));
    return session;
  }

  private plaintextWorks(session: SmtpSession): void {
    const failed = this.tlsFailures.get(session);
    this.tlsFailures.delete(session);
    if (!failed || performance.now() < this.tlsBrokenUntil) return;
    this.tlsBrokenUntil = performance.now() + REMEMBERED_MS;
    this.onTlsFailed(failed);
  }
}

/** Whether a mail was refused for want of TLS. */
function demandsTls(end: TransactionEnd): boolean {
  if (end.kind === 'unavailable')
    return end.error instanceof SmtpError && TLS_FIRST.includes(String(end.error.replyCode));
  if (end.kind !== 'later' && end.kind !== 'never') return false;
  return TLS_FIRST.includes(end.code) || NAMES_TLS.test(end.response);
}
