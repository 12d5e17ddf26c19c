/** What went wrong with the mail server. A closed list. */
export type SmtpErrorCode =
  /** The name has no address. */
  | 'SMTP_DNS'
  /** No connection: refused, unreachable, or closed during set-up. */
  | 'SMTP_CONNECT'
  /** TLS is required and failed, or the certificate is not trusted. */
  | 'SMTP_TLS'
  /** The greeting or the reply to EHLO was a refusal. */
  | 'SMTP_GREETING'
  /** The login was refused, or is required and not configured. */
  | 'SMTP_LOGIN'
  /** No reply in time. */
  | 'SMTP_TIMEOUT'
  /** The server is silent on all connections. */
  | 'SMTP_SILENT'
  /** Overtaken: the server is silent on this connection but has answered later commands on others. The mail moves. */
  | 'SMTP_OVERTAKEN'
  /** The connection ended without a reply. */
  | 'SMTP_DROPPED'
  /** The server closes the connection (421). */
  | 'SMTP_CLOSING'
  /** A reply that is not SMTP, or is out of sequence. */
  | 'SMTP_PROTOCOL'
  /** The sender was closed. */
  | 'SMTP_SENDER_CLOSED'
  /** A sender, recipient or message that must not reach a server: a bug in our code. */
  | 'SMTP_MAIL_UNFIT';

export interface SmtpErrorDetails {
  readonly cause?: unknown;
  /** The code of the server's reply, when a reply was the reason. */
  readonly replyCode?: number;
}

/** An error of the SMTP sender. Its message never contains an address, a password or a part of a mail. */
export class SmtpError extends Error {
  override readonly name = 'SmtpError';
  readonly code: SmtpErrorCode;
  readonly retryable: boolean;
  readonly replyCode: number | undefined;

  constructor(code: SmtpErrorCode, message: string, { cause, replyCode }: SmtpErrorDetails = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.retryable = code !== 'SMTP_MAIL_UNFIT';
    this.replyCode = replyCode;
  }
}
