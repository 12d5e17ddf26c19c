import { isOpportunistic, openSession, type OpenSessionOptions } from './open-session.ts';
import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';
import type { TransactionEnd } from './transaction.ts';

/** How long what a mail showed of a server without TLS is believed. */
const BELIEVED_MS = 10 * 60_000;
/** RFC 3207 §4 and RFC 4954 §6: TLS is wanted first. */
const TLS_FIRST = ['530', '538'];
const NAMES_TLS = /\bstarttls\b|\b(?:tls|encryption)\b.{0,20}\b(?:required|needed)\b/i;

/**
 * Opens sessions on one server. Where TLS is not required and no login is at stake, a STARTTLS that fails is given up:
 * the session is opened anew in clear text (RFC 7435). Only a mail shows what that is worth, because a server that
 * demands TLS answers EHLO without it too. Once one was accepted, STARTTLS is not tried for ten minutes, and
 * `tellTlsFailed` is told why. Once one was refused for want of TLS, none goes without for as long: STARTTLS is tried
 * again at once, and when it fails the server cannot be used.
 */
export class Opener {
  private readonly options: OpenSessionOptions;
  private readonly tellTlsFailed: (error: SmtpError) => void;
  private brokenUntil = -Infinity;
  private demandedUntil = -Infinity;
  /** Sessions without TLS although the server offers it. */
  private readonly inClear = new Set<SmtpSession>();
  /** Why those of them have none that were opened before a mail showed anything. */
  private readonly failures = new WeakMap<SmtpSession, SmtpError>();

  constructor(options: OpenSessionOptions, tellTlsFailed: (error: SmtpError) => void) {
    this.options = options;
    this.tellTlsFailed = tellTlsFailed;
  }

  /** Rejects with `SmtpError`. */
  open(signal: AbortSignal): Promise<SmtpSession> {
    const now = performance.now();
    if (!isOpportunistic(this.options.server) || now < this.demandedUntil)
      return openSession(this.options, signal);
    return now < this.brokenUntil ? this.openInClear(signal) : this.tryTls(signal);
  }

  /** Takes note of how a mail on one of its sessions ended. */
  learn(session: SmtpSession, end: TransactionEnd): void {
    if (!this.inClear.has(session)) return;
    if (end.kind === 'accepted') return this.worksInClear(session);
    if (!demandsTls(end)) return;
    this.brokenUntil = -Infinity;
    this.demandedUntil = performance.now() + BELIEVED_MS;
    for (const one of this.inClear) one.isRetired = true;
  }

  private async tryTls(signal: AbortSignal): Promise<SmtpSession> {
    let failed: SmtpError | undefined;
    try {
      return await openSession({ ...this.options, tlsFailed: (error) => (failed = error) }, signal);
    } catch (error) {
      if (!failed) throw error;
      const session = await this.openInClear(signal);
      this.failures.set(session, failed);
      return session;
    }
  }

  private async openInClear(signal: AbortSignal): Promise<SmtpSession> {
    const session = await openSession({ ...this.options, ignoreTLS: true }, signal);
    this.inClear.add(session);
    session.onEnd(() => this.inClear.delete(session));
    return session;
  }

  private worksInClear(session: SmtpSession): void {
    const failed = this.failures.get(session);
    this.failures.delete(session);
    if (!failed || performance.now() < this.brokenUntil) return;
    this.brokenUntil = performance.now() + BELIEVED_MS;
    this.tellTlsFailed(failed);
  }
}

/** Whether a mail was refused because it came without TLS. */
function demandsTls(end: TransactionEnd): boolean {
  if (end.kind === 'unavailable')
    return end.error instanceof SmtpError && TLS_FIRST.includes(String(end.error.replyCode));
  if (end.kind !== 'later' && end.kind !== 'never') return false;
  return TLS_FIRST.includes(end.code) || NAMES_TLS.test(end.response);
}
