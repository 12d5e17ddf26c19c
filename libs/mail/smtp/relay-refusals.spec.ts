import type { ReplyMeaning, RelayRefusal, Stage } from './reply-meaning.ts';
import { classify } from './classify.ts';
import { MAIL_DOMAIN_LABELS } from './mail-domain-label.ts';
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
  ['Postfix', '553 5.7.1 <b@x.jp>: Sender address rejected: not owned by user n', 'sender'],
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
  ['cPanel', '550 Domain x.jp has exceeded the max emails per hour (150/150 (100%)) allowed.', 'sender'],
  ['a hosted relay', '550 Authentication is required for relay', 'login'],
  ['Sendmail', '550 5.7.1 <a@x.jp>... Relaying denied', 'access'],
  ['Sendmail', '550 5.7.1 <a@x.jp>... Relaying denied. Proper authentication required.', 'login'],
  ['qmail', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'access'],
  ['Haraka', '550 I cannot deliver mail for <a@x.jp>', 'access'],
  ['Exchange', '550 5.7.1 Unable to relay', 'access'],
  ['Exchange', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'access'],
  ['Exchange', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'sender'],
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
    'sender',
  ],
  ['SendGrid', '550 Unauthenticated senders not allowed', 'login'],
  ['SendGrid', '550 Maximum credits exceeded', 'limit'],
  ['SendGrid', '550 The from address does not match a verified Sender Identity.', 'sender'],
  ['Mailgun', '550 Domain x.jp is not allowed to send: recipient limit', 'sender'],
  ['Mailtrap', '550 5.7.0 Requested action not taken: too many emails per second', 'limit'],
  ['a provider in Japan', '550 5.7.1 This server requires SMTP-AUTH', 'login'],
  ['a provider in Japan', '550 5.7.1 POP before SMTP', 'login'],
  ['Sendmail', '550 5.7.1 <a@x.jp>... Relaying denied. IP name lookup failed [192.0.2.7]', 'access'],
  ['Sendmail', '554 5.7.1 Too many SMTP sessions for this host', 'limit'],
  ['Exim', '501 Syntactically invalid HELO argument(s)', 'name'],
  ['Exim', '550 Mail from 192.0.2.7 refused: not in our access list', 'access'],
  ['Exim', '550 invalid sender domain (misconfigured dns?)', 'sender'],
  ['OpenSMTPD', '550 5.5.1 Invalid command: Must issue an AUTH command first', 'login'],
  [
    'MailEnable',
    '503 This mail server requires authentication when attempting to send to a non-local e-mail address',
    'login',
  ],
  [
    'qmail',
    "553 sorry, you don't authenticate or the domain isn't in my list of allowed rcpthosts (#5.7.1)",
    'login',
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
  ['a provider', '554 5.7.1 Recipient limit per hour exceeded for this sender', 'sender'],
  ['a provider', '550 5.7.1 too many errors from your ip', 'limit'],
  ['Exchange', '550 5.7.506 Access denied, bad HELO', 'name'],
  [
    'Office 365',
    '550 5.7.508 Access denied, [192.0.2.7] has exceeded permitted limits within 24 hour range',
    'limit',
  ],
  ['Office 365', '550 5.7.501 Access denied, spam abuse detected', 'sender'],
  ['Office 365', '550 5.7.606 Access denied, banned sending IP [192.0.2.7]', 'access'],
  ['Office 365', '550 5.1.8 Access denied, bad outbound sender', 'sender'],
  ['SES', '554 Account not subscribed to SES', 'access'],
  ['SES', '554 Sending paused for this account.', 'access'],
  ['SES', '554 Throttling failure: Daily message quota exceeded', 'limit'],
  ['Mailgun', '550 The sender domain x.jp is not verified in your account', 'sender'],
  ["an API's relay", '550 Unauthorized. Invalid API key', 'login'],
  ['any', '550 5.7.25 The host has no PTR record', 'access'],
  ['any', '554 5.7.0 Too many connections, try again later', 'limit'],
];

/** More refusals of us. */
const MORE_REFUSALS: readonly (readonly [server: string, text: string, by: RelayRefusal])[] = [
  ['Postfix', '550 5.7.1 <b@s.jp>: Sender address rejected: Access denied', 'sender'],
  ['Postfix', '450 5.1.8 <b@s.jp>: Sender address rejected: Domain not found', 'sender'],
  ['Postfix', '550 5.1.8 <b@s.jp>: Sender address rejected: Domain not found', 'sender'],
  ['Postfix', '550 5.1.0 <b@s.jp>: Sender address rejected: User unknown in virtual mailbox table', 'sender'],
  ['Postfix', '550 5.1.1 <b@s.jp>: Sender address rejected: User unknown in local recipient table', 'sender'],
  ['Postfix', '553 5.7.1 <b@s.jp>: Sender address rejected: not logged in', 'login'],
  ['Postfix', '554 5.7.1 Error: too much mail from 192.0.2.7', 'limit'],
  [
    'postfwd',
    '550 5.7.1 <a@x.jp>: Recipient address rejected: n: rate limit exceeded, more than 100 mails per hour from user n',
    'limit',
  ],
  ['a policy of Postfix', '554 5.7.1 <a@x.jp>: Recipient address rejected: Relay access denied', 'access'],
  [
    'a policy of Postfix',
    '550 5.7.1 <a@x.jp>: Recipient address rejected: your quota is exceeded today',
    'limit',
  ],
  ['Exchange', '554 5.2.252 SendAsDenied; n@x.jp not allowed to send as b@x.jp', 'sender'],
  ['Exchange', '550 5.7.512 Access denied, message must be RFC 5322 section 3.6.2 compliant', 'sender'],
  ['Exchange', '550 5.7.51 TenantInboundAttribution; There is a partner connector configured', 'access'],
  ['Exchange', '550 5.7.68 TenantInboundAttribution; Rejecting', 'access'],
  ['Exchange', '550 5.7.1 Client does not have permissions to submit to this server', 'access'],
  ['Gmail', '550 5.7.0 Mail Sending denied. This error occurs if the sender account is disabled', 'sender'],
  [
    'Gmail',
    '550 5.7.1 [192.0.2.7] Our system has detected an unusual rate of unsolicited mail originating from your IP address. Mail sent from your IP address has been blocked.',
    'limit',
  ],
  ['SES', '554 Message rejected: Email address is not verified.', 'sender'],
  ['SES', '554 Configuration set `n` does not exist', 'access'],
  ['SendGrid', '550 Your IP address 192.0.2.7 is not on the list of allowed IPs', 'access'],
  ['SendGrid', '550 Unauthorized: your account has been deactivated', 'access'],
  ['Mailgun', '550 Sandbox subdomains are for test purposes only. Please add your own domain', 'sender'],
  ['Mailgun', '550 Domain s.jp is temporarily disabled', 'sender'],
  ['Brevo', '525 5.7.1 Unauthorized IP address', 'access'],
  ['Brevo', '502 5.7.0 Your SMTP account is not yet activated', 'access'],
  [
    'Postmark',
    "550 While your account is pending approval, all recipient addresses must share the same domain as the 'From' address.",
    'access',
  ],
  ['Zoho', '553 Relaying disallowed as n@s.jp', 'sender'],
  ['Zoho', '553 Relaying disallowed', 'access'],
  ['Zoho', '550 5.4.6 Unusual sending activity detected. Please try after sometime', 'limit'],
  ['Exim', '550 Sender verify failed', 'sender'],
  ['Exim', '550-Verification failed for <b@s.jp>\n550-No Such User Here\n550 Sender verify failed', 'sender'],
  ['cPanel', '550 Outgoing mail from "s.jp" has been suspended.', 'sender'],
  ['spamdyke', '554 Refused. Your IP address is listed in the RBL at bl.example', 'access'],
  ['Cisco', '554 Your access to submit messages to this e-mail system has been rejected.', 'access'],
  [
    'Cisco',
    "554 Your access to this mail system has been rejected due to the sending MTA's poor reputation.",
    'access',
  ],
  ['any', '554 5.3.2 System not accepting network messages', 'server'],
  ['any', '552 5.3.1 Insufficient system storage', 'server'],
  ['any', '550 5.3.0 No', 'server'],
  ['any', '552 Insufficient disk space; try again later', 'limit'],
  ['any', '554 Service unavailable', 'server'],
  ['any', '501 5.1.7 Bad sender address syntax', 'sender'],
  ['any', '550 5.7.8 Who are you?', 'login'],
  ['cPanel', '550 Too many recipients in an hour', 'limit'],
  ['a provider', '550 Outbound Port 25 Blocking: use port 587', 'access'],
  ['a provider in Japan', '550 送信数の上限を超えました', 'limit'],
  ['a provider in Japan', '550 SMTP認証が必要です', 'login'],
  ['a provider in Japan', '554 5.7.1 送信元IPアドレスからの接続を拒否しました [192.0.2.7]', 'access'],
  ['a provider in Japan', '550 差出人アドレスが登録されていません', 'sender'],
  ['any', '554 5.7.1 The sender address b@s.jp is not permitted for user n', 'sender'],
  [
    'Postfix',
    '554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org',
    'access',
  ],
  ['a provider', '554 5.7.1 Daily recipients quota reached for your account', 'limit'],
  ['any', '550 Envelope sender refused', 'sender'],
  ['any', '550 5.7.1 From header does not match your login', 'login'],
  ['any', '550 5.7.1 From header is not one of yours', 'sender'],
  ['any', '550 5.7.1 You are not allowed to send from this domain', 'sender'],
  ['any', '550 Not authorized to send from this address', 'sender'],
  ['any', '550 Sending from your IP is blocked', 'access'],
  ['any', '550 The domain s.jp is not linked to your account', 'sender'],
  ['any', '554 This domain has not been verified yet', 'sender'],
  ['Exim', '550 Administrative prohibition', 'sender'],
  ['any', '550 5.7.1 Unverified sender', 'sender'],
  ['any', '550 You have sent more than 500 mails today', 'limit'],
  ['any', '554 5.7.1 Your server is blacklisted', 'access'],
];

/** Made-up refusals that name the envelope sender: the address tells more than the words. */
const NAMED_SENDERS = [
  '550 5.7.1 <bounce+t@b.example.jp>: Access denied',
  '550 b.example.jp rejected',
  '550 We are not allowed to relay for b.example.jp',
  '554 5.7.1 Mail of example.jp is rate limited, try again later',
];

/** Replies to MAIL are never about a recipient, whatever their text. */
const AT_MAIL: readonly (readonly [text: string, by: RelayRefusal])[] = [
  ['550 5.7.1 <b@s.jp>: Sender address rejected: Access denied', 'sender'],
  ['553 5.1.8 <b@s.jp>: Sender address rejected: Domain not found', 'sender'],
  ['501 5.1.7 Bad sender address syntax', 'sender'],
  ['550 Sender verify failed', 'sender'],
  ['552 5.3.1 Insufficient system storage', 'server'],
  ['550 Administrative prohibition', 'sender'],
  ['550 5.1.1 User unknown', 'sender'],
  ['550 5.7.1 SPF check failed', 'sender'],
  ['552 Mailbox full', 'sender'],
  ['550 No', 'sender'],
  ['503 5.5.1 Bad sequence of commands', 'sender'],
  ['554 5.7.1 <n[192.0.2.7]>: Client host rejected: Access denied', 'access'],
  ['550 5.7.1 Authentication required', 'login'],
  ['599', 'sender'],
];
const TOO_BIG = [
  '552 5.3.4 Message size exceeds fixed limit',
  '552 Message size exceeds maximum permitted',
  '554 Message too large',
  '550 5.3.4 No',
];

/** Final refusals: they are about the recipient or the mail. */
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
  '550 5.3.4 Message exceeds limit of 10485760 bytes',
  '550 Message exceeds limit of 10485760 bytes',
  '550 Account suspended: a@x.jp no longer sends or receives mail',
  '550 5.7.1 [192.0.2.7 12] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked.',
  '554 5.7.1 Message blocked: contains forbidden attachment, from [192.0.2.7]',
  '550 <a@x.jp>: unknown account, rejected (192.0.2.9)',
  '550 No such person here, try again with another address',
  '550 Not here, try again with another address',
  '550 5.1.1 <rate-limit@x.jp>: no mailbox here, see https://mail.example/relay-denied/login-required',
  '550 <relay.denied@x.jp>: not known here',
  '550 Domain x.jp does not exist',
  '553 5.3.0 <a@x.jp>... No such user here',
  '550 5.7.1 <a@x.jp>: Recipient address rejected: undeliverable address: unknown user',
  '554 5.7.1 Rejected as spam by 192.0.2.9',
  '554 5.7.1 Blocked: a link is listed by spamhaus',
];

/** A full mailbox is temporary and concerns only its owner. */
const FULL = [
  "550 User's quota exceeded",
  '554 Quota exceeded',
  '552 5.2.2 Over quota',
  '550 5.7.1 Mailbox quota exceeded',
];

function meaningOf(stage: Stage, text: string, to = 'a@x.jp'): ReplyMeaning {
  return classify(reply(text), { stage, from: 'bounce+t@b.example.jp', to });
}

describe('a refusal of us', () => {
  const all = [...REFUSALS_OF_US, ...MORE_REFUSALS];

  it.each(all)('by %s defers the mail, whoever the recipient is: %s → %s', (_server, text, refusedUs) => {
    const expected = text.startsWith('4') ? { kind: 'later' } : { kind: 'later', refusedUs };
    for (const stage of ['rcpt', 'data', 'dot'] as const) {
      expect(meaningOf(stage, text).class).toEqual(expected);
      for (const label of MAIL_DOMAIN_LABELS)
        expect(meaningOf(stage, text, `a@${label}`).class).toEqual(expected);
    }
  });

  it.each(['530', '534', '535', '538'])('is %s in reply to RCPT, DATA and the message', (code) => {
    for (const stage of ['rcpt', 'data', 'dot'] as const)
      expect(meaningOf(stage, `${code} 5.7.0 Log in`).class).toEqual({ kind: 'later', refusedUs: 'login' });
    expect(meaningOf('mail', `${code} 5.7.0 Log in`).class).toEqual({ kind: 'unavailable' });
  });

  it.each(NAMED_SENDERS)('concerns one sender when it names it: %s', (text) => {
    expect(meaningOf('rcpt', text).class).toEqual({ kind: 'later', refusedUs: 'sender' });
  });

  it('concerns the installation when the text names only a recipient or a contact at the sender\u2019s domain', () => {
    const text = '550 5.7.1 <a@b.example.jp>: Relay access denied, ask postmaster@example.jp';
    expect(meaningOf('rcpt', text, 'a@b.example.jp').class).toEqual({ kind: 'later', refusedUs: 'access' });
  });

  it.each(AT_MAIL)('is any final reply to MAIL: %s → %s', (text, refusedUs) => {
    expect(meaningOf('mail', text).class).toEqual({ kind: 'later', refusedUs });
  });

  it.each(TOO_BIG)('is not a refusal for the size of the message: %s', (text) => {
    for (const stage of ['mail', 'rcpt', 'dot'] as const)
      expect(meaningOf(stage, text).class).toEqual({ kind: 'never', cause: 'ours' });
  });

  it.each(FINAL)('is not a refusal of the recipient or the mail: %s', (text) => {
    expect(meaningOf('rcpt', text).class.kind).toBe('never');
    expect(meaningOf('dot', text).class.kind).toBe('never');
  });

  it.each(FULL)('is not a full mailbox: %s', (text) => {
    expect(meaningOf('rcpt', text).class).toEqual({ kind: 'later' });
  });
});
