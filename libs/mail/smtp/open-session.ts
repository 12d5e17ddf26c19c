import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { maskSecrets } from '#events';
import { extensionsOf } from './extensions.ts';
import { SmtpSession } from './session.ts';
import { urlsToHosts } from './without-secret.ts';
import { SmtpError, type SmtpErrorCode } from './smtp-error.ts';
import type { SmtpTimeouts } from './smtp-timeouts.ts';

/** The mail server as `SMTP_URL` names it. */
export interface SmtpServerAddress {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Nothing is sent unless STARTTLS succeeds. */
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly password: string };
}

export interface OpenSessionOptions {
  readonly server: SmtpServerAddress;
  /** The name for EHLO. Absent: this host's. */
  readonly clientName?: string;
  readonly timeouts: SmtpTimeouts;
  /** Given when clear text is an alternative. Called when STARTTLS fails or takes longer than `tlsMs`. */
  readonly onStartTlsFailed?: (error: SmtpError) => void;
  /** STARTTLS is not tried. */
  readonly ignoreTLS?: boolean;
}

/** Lets nodemailer connect, say EHLO, start TLS and log in, then takes over its socket. Rejects with `SmtpError`. */
export function openSession(options: OpenSessionOptions, signal: AbortSignal): Promise<SmtpSession> {
  const { server, timeouts } = options;
  const connection = new SMTPConnection(connectionOptions(options));
  return new Promise<SmtpSession>((resolve, reject) => {
    const fail = (error: unknown): void => {
      settle();
      const ours = asSmtpError(error, server, !options.ignoreTLS && isInStartTls(connection));
      if (ours.code === 'SMTP_TLS') options.onStartTlsFailed?.(ours);
      // Before `close`, which nodemailer reports as a separate end.
      reject(ours);
      connection.close();
    };
    const abort = (): void => fail(new SmtpError('SMTP_SENDER_CLOSED', 'The sender was closed'));
    const ms = timeouts.greetingMs + timeouts.commandMs;
    // nodemailer's own time-outs apply to single steps or to silence. A server that trickles would outlast them.
    const timer = setTimeout(() => fail(timeoutError(ms)), ms);
    const tlsWatch = options.onStartTlsFailed && watchTls(connection, timeouts.tlsMs, fail);
    const settle = (): void => {
      clearTimeout(timer);
      clearInterval(tlsWatch);
      signal.removeEventListener('abort', abort);
    };
    const ready = (ehlo: string): void => {
      settle();
      if (connection.destroyed) return fail(new Error('closed while it was being set up'));
      resolve(new SmtpSession(takeSocket(connection), extensionsOf(ehlo)));
    };
    // Never removed: nodemailer goes on emitting socket errors, which the session handles itself.
    connection.on('error', fail);
    connection.once('end', () => fail(new Error('closed while it was being set up')));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    connection.connect((error) => (error ? fail(error) : logIn(connection, server, ready, fail)));
  });
}

/** In nodemailer's order of preference. */
const AUTH_METHODS = ['PLAIN', 'LOGIN', 'CRAM-MD5'];
/** RFC 4954 §4: the server does not support the method after all. */
const UNKNOWN_METHOD = 504;

/** Logs in if configured. Tries the next method when the server does not know one that it announced. */
function logIn(
  connection: SMTPConnection,
  server: SmtpServerAddress,
  ready: (ehlo: string) => void,
  fail: (error: unknown) => void,
): void {
  const ehlo = String(connection.lastServerResponse);
  if (!server.auth) return ready(ehlo);
  const { user, password: pass } = server.auth;
  const tryNext = ([method, ...others]: readonly string[]): void => {
    if (method === undefined) return fail(noMethod(server));
    connection.login({ user, pass, credentials: { user, pass }, method }, (refused) => {
      if (!refused) return ready(ehlo);
      const isUnknown = (refused as NodemailerError).responseCode === UNKNOWN_METHOD;
      if (isUnknown && others.length > 0) return tryNext(others);
      fail(refused);
    });
  };
  const offered = methodsOf(ehlo);
  tryNext(AUTH_METHODS.filter((method) => offered.includes(method)));
}

/** The AUTH methods announced in a reply to EHLO, in capitals. Some servers write `AUTH=` (before RFC 2554). */
function methodsOf(ehlo: string): string[] {
  return [...ehlo.matchAll(/^250[ -]AUTH[ =](.*)$/gim)].flatMap(([, names = '']) =>
    names
      .toUpperCase()
      .trim()
      .split(/[\s=]+/),
  );
}

/** Mail is not sent without the configured login: the server would accept it for the wrong reasons, or not at all. */
function noMethod({ host, port }: SmtpServerAddress): SmtpError {
  return new SmtpError(
    'SMTP_LOGIN',
    `Mail server ${host}:${port}: SMTP_URL has a login, and the server offers none of ${AUTH_METHODS.join(', ')}`,
  );
}

/**
 * Whether encryption is opportunistic (RFC 7435): TLS is not required and no password is at stake. Certificates are not
 * verified then. Whoever can forge one can also hide STARTTLS, and a nearby relay rarely has a signed one.
 */
export function isOpportunistic({ secure, requireTLS, auth }: SmtpServerAddress): boolean {
  return !secure && !requireTLS && !auth;
}

/** Whether the connection is, or ended, between STARTTLS and the end of the handshake. */
function isInStartTls({ upgrading, secure, lastServerResponse }: SMTPConnection): boolean {
  if (upgrading) return true;
  return !secure && /^250[ -]STARTTLS\b/im.test(String(lastServerResponse));
}

const POLLS = 10;

/** Calls `fail` when STARTTLS takes longer than `tlsMs`. nodemailer has no time-out for it. */
function watchTls(connection: SMTPConnection, tlsMs: number, fail: (error: unknown) => void): NodeJS.Timeout {
  let begunAt = Infinity;
  return setInterval(() => {
    begunAt = isInStartTls(connection) ? Math.min(begunAt, performance.now()) : Infinity;
    if (performance.now() - begunAt >= tlsMs) fail(timeoutError(tlsMs));
  }, tlsMs / POLLS);
}

function connectionOptions(options: OpenSessionOptions): SMTPConnection.Options {
  const { server, clientName, timeouts, ignoreTLS = false } = options;
  const { host, port, secure, requireTLS } = server;
  return {
    ignoreTLS,
    host,
    port,
    secure,
    requireTLS,
    tls: { rejectUnauthorized: !isOpportunistic(server) },
    ...(clientName === undefined ? {} : { name: clientName }),
    // In nodemailer this bounds the greeting too.
    connectionTimeout: timeouts.greetingMs,
    greetingTimeout: timeouts.greetingMs,
    dnsTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.commandMs,
  };
}

/** Takes over nodemailer's socket: nobody else reads from it or times it out. The remaining listeners only close it. */
function takeSocket(connection: SMTPConnection): Socket {
  const socket = connection._socket;
  if (!socket) throw new SmtpError('SMTP_DROPPED', 'The mail server dropped the connection');
  socket.setTimeout(0);
  socket.removeAllListeners('data');
  return socket;
}

const CODES: Readonly<Record<string, SmtpErrorCode>> = {
  EDNS: 'SMTP_DNS',
  ETLS: 'SMTP_TLS',
  EAUTH: 'SMTP_LOGIN',
  ETIMEDOUT: 'SMTP_TIMEOUT',
  EPROTOCOL: 'SMTP_GREETING',
};

const REASONS: Partial<Readonly<Record<SmtpErrorCode, string>>> = {
  SMTP_DNS: 'its name has no address',
  SMTP_TLS:
    'TLS failed (expected a certificate of this name, in date, of an authority that Node.js or NODE_EXTRA_CA_CERTS knows)',
  SMTP_LOGIN: 'the login was refused (expected the user and password in SMTP_URL as the server has them)',
  SMTP_TIMEOUT: 'no answer in time',
  SMTP_GREETING: 'the greeting was refused',
};

const TLS_CODE = /CERT|TLS|SSL|SIGNATURE|^EPROTO$/;

interface NodemailerError {
  readonly code?: string;
  readonly originalCode?: string;
  readonly responseCode?: number;
}

function timeoutError(ms: number): Error {
  return Object.assign(new Error(`not set up within ${ms} ms`), { code: 'ETIMEDOUT' });
}

/** Converts any connection failure. Total. The password is masked where the server has repeated it. */
function asSmtpError(error: unknown, server: SmtpServerAddress, inStartTls: boolean): SmtpError {
  if (error instanceof SmtpError) return error;
  const { code = '', originalCode = '', responseCode } = (error ?? {}) as NodemailerError;
  const isTls = inStartTls || TLS_CODE.test(originalCode) || TLS_CODE.test(code);
  const ours = isTls ? 'SMTP_TLS' : (CODES[code] ?? (responseCode ? 'SMTP_GREETING' : 'SMTP_CONNECT'));
  const withoutPassword = maskSecrets(server.auth ? [server.auth.password] : []);
  const said = urlsToHosts(withoutPassword(error instanceof Error ? error.message : String(error)));
  const what = REASONS[ours] ?? 'no connection';
  return new SmtpError(ours, `Mail server ${server.host}:${server.port}: ${what}: ${said}`, {
    cause: new Error(said),
    ...(responseCode === undefined ? {} : { replyCode: responseCode }),
  });
}
