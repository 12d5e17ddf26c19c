import type { RelayRefusal } from './answer-rule.ts';
import { classify } from './classify.ts';
import { RELAY_REFUSAL_RULES } from './relay-refusals.ts';
import { ReplyParser, type SmtpReply } from './reply.ts';

function reply(text: string): SmtpReply {
  let read: SmtpReply | undefined;
  new ReplyParser().push(Buffer.from(`${text.replaceAll('\n', '\r\n')}\r\n`), (one) => (read = one));
  return read!;
}

/** What relays say when they refuse us; hosts and addresses are made up. */
const REFUSALS_OF_US: readonly (readonly [server: string, text: string, by: RelayRefusal])[] = [
  ['Postfix', '554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied', 'access'],
  ['Postfix', '554 5.7.1 <a@x.jp>: Relay access denied', 'access'],
  ['Postfix', '553 5.7.1 <b@x.jp>: Sender address rejected: not owned by user n', 'access'],
  ['Postfix', '554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.example', 'access'],
  ['Postfix', '504 5.5.2 <[127.0.0.1]>: Helo command rejected: need fully-qualified hostname', 'name'],
  ['Postfix', '550 5.7.1 <n>: Helo command rejected: Host not found', 'name'],
  [
    'Exim',
    '550-Please turn on SMTP Authentication in your mail client.\n550-(n.example.jp) [192.0.2.7]:40000 is not permitted to relay through\n550 this server without authentication.',
    'login',
  ],
  ['Exim', '550 relay not permitted', 'access'],
  ['Exim', '550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)', 'name'],
  ['cPanel', '550 Domain x.jp has exceeded the max emails per hour (150/150 (100%)) allowed.', 'limit'],
  ['a hosted relay', '550 Authentication is required for relay', 'login'],
  ['Sendmail', '550 5.7.1 <a@x.jp>... Relaying denied', 'access'],
  ['Sendmail', '550 5.7.1 <a@x.jp>... Relaying denied. Proper authentication required.', 'login'],
  ['qmail', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'access'],
  ['Haraka', '550 I cannot deliver mail for <a@x.jp>', 'access'],
  ['Exchange', '550 5.7.1 Unable to relay', 'access'],
  ['Exchange', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'access'],
  ['Exchange', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'access'],
  ['Office 365', '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException', 'limit'],
  ['Office 365', '550 5.7.57 Client was not authenticated to send anonymous mail', 'login'],
  ['Office 365', '550 5.7.705 Access denied, tenant has exceeded threshold', 'limit'],
  ['Office 365', '550 5.1.90 You have reached your daily limit for message recipients', 'limit'],
  ['Gmail', '550 5.4.5 Daily user sending limit exceeded.', 'limit'],
  ['Gmail', '550 5.7.1 Daily SMTP relay limit exceeded for customer.', 'limit'],
  ['Gmail', '550 5.7.1 Invalid credentials for relay [192.0.2.7].', 'login'],
  ['SES', '554 Access denied: User `n` is not authorized to perform `ses:SendRawEmail`', 'access'],
  [
    'SES',
    '554 Message rejected: Email address is not verified. The following identities failed the check in region',
    'access',
  ],
  ['SendGrid', '550 Unauthenticated senders not allowed', 'login'],
  ['SendGrid', '550 Maximum credits exceeded', 'limit'],
  ['SendGrid', '550 The from address does not match a verified Sender Identity.', 'access'],
  ['Mailgun', '550 Domain x.jp is not allowed to send: recipient limit', 'access'],
  ['Mailtrap', '550 5.7.0 Requested action not taken: too many emails per second', 'limit'],
  ['a provider in Japan', '550 5.7.1 This server requires SMTP-AUTH', 'login'],
  ['a provider in Japan', '550 5.7.1 POP before SMTP', 'login'],
  ['Sendmail', '550 5.7.1 <a@x.jp>... Relaying denied. IP name lookup failed [192.0.2.7]', 'access'],
  ['Sendmail', '554 5.7.1 Too many SMTP sessions for this host', 'limit'],
  ['Exim', '501 Syntactically invalid HELO argument(s)', 'name'],
  ['Exim', '550 Mail from 192.0.2.7 refused: not in our access list', 'access'],
  ['Exim', '550 invalid sender domain (misconfigured dns?)', 'access'],
  ['OpenSMTPD', '550 5.5.1 Invalid command: Must issue an AUTH command first', 'login'],
  [
    'MailEnable',
    '503 This mail server requires authentication when attempting to send to a non-local e-mail address',
    'login',
  ],
  [
    'qmail',
    "553 sorry, you don't authenticate or the domain isn't in my list of allowed rcpthosts (#5.7.1)",
    'access',
  ],
  ['a gateway', '553 This system is not configured to relay mail from [192.0.2.7] to <a@x.jp>', 'access'],
  ['a gateway', '550 License expired: relaying disabled', 'access'],
  ['a gateway', '550 5.7.1 Command not allowed, TLS required', 'login'],
  ['a gateway', '550 All mail servers must have a PTR record with a valid Reverse DNS entry', 'access'],
  ['a gateway', '554 Server access 192.0.2.7 forbidden by invalid RDNS record of your mail server', 'access'],
  ['a gateway', '554 5.7.1 You are not allowed to connect.', 'access'],
  ['a gateway', '571 5.7.1 This mail server does not accept mail from your host', 'access'],
  ['a provider', '550 Please use the smtp server of your ISP instead.', 'access'],
  ['a provider', '550 Connection from 192.0.2.7 not permitted', 'access'],
  ['a provider', '550 You are not authorized to send mail, authentication is required', 'login'],
  ['a provider', '554 5.7.1 Your account is suspended. Contact support.', 'access'],
  ['a provider', '550 5.7.1 Daily recipient limit exceeded for your account', 'limit'],
  ['a provider', '554 5.7.1 Recipient limit per hour exceeded for this sender', 'limit'],
  ['a provider', '550 5.7.1 too many errors from your ip', 'limit'],
  ['Exchange', '550 5.7.506 Access denied, bad HELO', 'name'],
  [
    'Office 365',
    '550 5.7.508 Access denied, [192.0.2.7] has exceeded permitted limits within 24 hour range',
    'limit',
  ],
  ['Office 365', '550 5.7.501 Access denied, spam abuse detected', 'access'],
  ['Office 365', '550 5.7.606 Access denied, banned sending IP [192.0.2.7]', 'access'],
  ['Office 365', '550 5.1.8 Access denied, bad outbound sender', 'access'],
  ['SES', '554 Account not subscribed to SES', 'access'],
  ['SES', '554 Sending paused for this account.', 'access'],
  ['SES', '554 Throttling failure: Daily message quota exceeded', 'limit'],
  ['Mailgun', '550 The sender domain x.jp is not verified in your account', 'access'],
  ["an API's relay", '550 Unauthorized. Invalid API key', 'login'],
  ['any', '550 5.7.25 The host has no PTR record', 'access'],
  ['any', '554 5.7.0 Too many connections, try again later', 'limit'],
];

/** Final all the same, because they are about the recipient or the mail. */
const FINAL = [
  '550 5.1.1 <a@x.jp>: Recipient address rejected: User unknown',
  '550 5.1.1 No such user, please try again with another address',
  '550 5.7.1 <a@x.jp>: Recipient address rejected: Access denied',
  '550 User unknown; rate limit does not apply',
  '553 sorry, that mailbox is not allowed',
  '552 5.3.4 Message size exceeds fixed limit',
  '554 5.3.4 Message size limit exceeded',
  '552 Message exceeded the size limit',
  '554 5.7.1 Message rejected as spam content',
  '554 Blocked by our spam filter',
  '550 5.7.26 This mail is unauthenticated. Gmail requires all senders to authenticate with SPF or DKIM.',
  '550 5.2.1 The user is receiving mail at a rate that prevents further messages, try again',
  '550 5.7.1 The message was blocked by policy',
  '501 5.1.3 Bad recipient address syntax',
  "550 can't accept user... (#5.7.1)",
  '550 unrouteable address',
  '550 Callout verification failed: 550 unknown user',
  '550 sorry, no mailbox here by that name. (#5.1.1)',
  '550 5.4.1 Recipient address rejected: Access denied. [AS(201806281)]',
  '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
  '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required',
  '550 5.7.124 RESOLVER.RST.SenderNotInAllowList; not authorized to send to the recipient',
  '550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]',
  '550 5.7.1 The message from 192.0.2.7 was rejected for its content',
  '554 5.7.1 <a@x.jp>: Recipient address rejected: user unknown (from 192.0.2.7)',
  '550 5.7.1 The user has blocked your address',
  '550 This account has been disabled or discontinued',
  '554 30 Sorry, your message cannot be delivered. This mailbox is disabled',
  '550 The recipient a@x.jp has exceeded the limit of messages he may receive',
  '550 5.7.1 Your message was rejected because the recipient only accepts mail from authenticated senders',
  '550 5.7.1 x.jp [192.0.2.7] is not allowed to send by SPF',
];

describe('a refusal of us', () => {
  it.each(REFUSALS_OF_US)('by %s puts the mail off: %s → %s', (_server, text, refusedUs) => {
    expect(classify(reply(text), 'other').verdict).toEqual({ kind: 'later', refusedUs });
  });

  it('has an example for every row', () => {
    const used = new Set(REFUSALS_OF_US.map(([, text]) => classify(reply(text), 'other')));
    expect(RELAY_REFUSAL_RULES.filter((rule) => !used.has(rule))).toEqual([]);
  });

  it.each(FINAL)('is not what is said of the recipient or the mail: %s', (text) => {
    expect(classify(reply(text), 'other').verdict.kind).toBe('never');
  });
});
