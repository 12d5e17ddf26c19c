import { isOpportunistic, openSession, type OpenSessionOptions } from './open-session.ts';
import type { SmtpSession } from './session.ts';
import type { SmtpError } from './smtp-error.ts';

/** How long a server's STARTTLS counts as broken before it is tried again. */
const BROKEN_MS = 10 * 60_000;

/**
 * Opens sessions on one server. Where TLS is not required and no login is at stake, a STARTTLS that fails is given up:
 * the session is opened anew in clear text, and for ten minutes none is tried (RFC 7435). `tellTlsFailed` is told of
 * each failure.
 */
export function createOpener(
  options: OpenSessionOptions,
  tellTlsFailed: (error: SmtpError) => void,
): (signal: AbortSignal) => Promise<SmtpSession> {
  let brokenUntil = -Infinity;
  const inClear = (signal: AbortSignal): Promise<SmtpSession> =>
    openSession({ ...options, ignoreTLS: true }, signal);
  return async (signal) => {
    if (!isOpportunistic(options.server)) return openSession(options, signal);
    if (performance.now() < brokenUntil) return inClear(signal);
    let failed: SmtpError | undefined;
    try {
      return await openSession({ ...options, tlsFailed: (error) => (failed = error) }, signal);
    } catch (error) {
      if (!failed) throw error;
      const session = await inClear(signal);
      // Only now is it known that the server works without.
      brokenUntil = performance.now() + BROKEN_MS;
      tellTlsFailed(failed);
      return session;
    }
  };
}
