/** What went wrong with the mail server, as a closed list. */
export type SmtpErrorCode =
  /** The name has no address. */
  | 'SMTP_DNS'
  /** No connection: refused, unreachable, or closed while it was being set up. */
  | 'SMTP_CONNECT'
  /** No TLS although it is wanted, or a certificate that cannot be trusted. */
  | 'SMTP_TLS'
  /** The greeting or EHLO was a refusal. */
  | 'SMTP_GREETING'
  /** The login was refused, or is asked for and not configured. */
  | 'SMTP_LOGIN'
  /** No answer in time. */
  | 'SMTP_TIMEOUT'
  /** The server says nothing at all, on no connection. */
  | 'SMTP_SILENT'
  /** The server says nothing on this connection while it answers on others: its mail takes another one. */
  | 'SMTP_OVERTAKEN'
  /** The connection ended without a word. */
  | 'SMTP_DROPPED'
  /** The server said 421: it closes the connection. */
  | 'SMTP_CLOSING'
  /** What came is no SMTP, or not what may come here. */
  | 'SMTP_PROTOCOL'
  /** This sender was closed. */
  | 'SMTP_SENDER_CLOSED'
  /** A sender, recipient or message that must not reach a server: a bug of ours. */
  | 'SMTP_MAIL_UNFIT';

export interface SmtpErrorDetails {
  readonly cause?: unknown;
  /** The code of the server's reply, when a reply was the reason. */
  readonly replyCode?: number;
}

/** An error of the SMTP sender's. Its text never holds an address, a password or a part of a message. */
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
