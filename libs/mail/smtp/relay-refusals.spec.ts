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
