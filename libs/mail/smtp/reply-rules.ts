import type { MailDomainLabel } from './mail-domain-label.ts';
import { ABOUT_SIZE } from './refusal-patterns.ts';
import { AUTHENTICITY_CODE } from './relay-refusals.ts';
import type { ReplyClass, ReplyMeaning } from './reply-meaning.ts';

/** A row of the table. It applies when all conditions given hold. */
export interface ReplyRule extends ReplyMeaning {
  /** The receiving domains that reply like this. Absent: any. */
  readonly domains?: readonly MailDomainLabel[];
  /** Matches the reply code. */
  readonly code: RegExp;
  /** Matches the enhanced status code (RFC 3463). */
  readonly enhanced?: RegExp;
  /** Matches the text without codes. */
  readonly text?: RegExp;
}

const ACCEPTED: ReplyClass = { kind: 'accepted' };
const LATER: ReplyClass = { kind: 'later' };
const UNAVAILABLE: ReplyClass = { kind: 'unavailable' };
const ADDRESS: ReplyClass = { kind: 'never', cause: 'address' };
const FILTERED: ReplyClass = { kind: 'never', cause: 'filtered' };
const OURS: ReplyClass = { kind: 'never', cause: 'ours' };

const DOCOMO: readonly MailDomainLabel[] = ['docomo.ne.jp'];
const AU: readonly MailDomainLabel[] = ['au.com', 'ezweb.ne.jp'];
const SOFTBANK: readonly MailDomainLabel[] = ['softbank.ne.jp', 'i.softbank.jp', 'ymobile.ne.jp'];
const ICLOUD: readonly MailDomainLabel[] = ['icloud.com'];
const YAHOO: readonly MailDomainLabel[] = ['yahoo.co.jp'];
const GMAIL: readonly MailDomainLabel[] = ['gmail.com'];

const CARRIERS: readonly ReplyRule[] = [
  {
    domains: DOCOMO,
    code: /^552/,
    text: /too much mail data/i,
    class: LATER,
    means: 'The mailbox is full. It may be emptied: soft, although the code is final.',
  },
  {
    domains: DOCOMO,
    code: /^552/,
    text: /too many recipients/i,
    class: OURS,
    means: 'More than one recipient in a transaction: the relay joins mails. Turn that off.',
  },
  {
    domains: DOCOMO,
    code: /^554/,
    text: /recipients/i,
    class: OURS,
    means: 'More than 100 recipients in a transaction: the relay joins mails. Turn that off.',
  },
  {
    domains: DOCOMO,
    code: /^500/,
    text: /line too long/i,
    class: OURS,
    means: 'A line of the message is longer than 1,000 bytes: a bug of ours.',
  },
  {
    domains: DOCOMO,
    code: /^550/,
    text: /unknown user/i,
    class: ADDRESS,
    means: 'There is no such address, or its filter refuses us. Suspend it when it repeats.',
  },
  {
    domains: AU,
    code: /^550/,
    text: /^: user unknown/i,
    class: FILTERED,
    means: "The subscriber's filter refuses our sender or the mail's content; the address lives.",
  },
  {
    domains: AU,
    code: /^550/,
    text: /^<.*>: user unknown/i,
    class: ADDRESS,
    means: 'There is no such address, or it refuses us. Suspend it when it repeats.',
  },
  {
    domains: SOFTBANK,
    code: /^550/,
    text: /invalid recipient/i,
    class: ADDRESS,
    means: 'There is no such address. Suspend it when it repeats.',
  },
  {
    domains: SOFTBANK,
    code: /^553/,
    text: /does not exist/i,
    class: OURS,
    means: "The envelope sender's domain has no DNS record. Publish it.",
  },
  {
    domains: YAHOO,
    code: /^554/,
    text: /over quota/i,
    class: LATER,
    means: 'The mailbox is full. It may be emptied: soft, although the code is final.',
  },
  {
    domains: YAHOO,
    code: /^55/,
    text: /doesn't have a|no longer valid|mailbox not found|mailbox is disabled/i,
    class: ADDRESS,
    means: 'There is no such address (any more). Suspend it when it repeats.',
  },
  {
    domains: YAHOO,
    code: /^55/,
    text: /policy reasons|permanently deferred|spamhaus/i,
    class: FILTERED,
    means: "Our server's reputation or the mail's content is refused. Look at complaints and block lists.",
  },
  {
    domains: ICLOUD,
    code: /^55/,
    text: /dmarc policy|failing both spf and dkim/i,
    class: OURS,
    means: 'SPF, DKIM or DMARC fails. Mend DNS or signing.',
  },
  {
    domains: ICLOUD,
    code: /^55/,
    enhanced: /^5\.7\./,
    text: /local policy|spamhaus|blocked/i,
    class: FILTERED,
    means: "Our server's reputation or the mail's content is refused. Write to Apple's postmaster.",
  },
  {
    domains: GMAIL,
    code: /^4/,
    enhanced: /^4\.7\.28$/,
    class: LATER,
    means:
      'Too many mails at once. At the relay: stop this domain for 10 minutes, then one connection more at a time.',
  },
  {
    domains: GMAIL,
    code: /^550/,
    enhanced: /^5\.7\.1$/,
    text: /unsolicited|suspicious|reputation|unusual rate/i,
    class: FILTERED,
    means: "Our server's reputation or the mail's content is refused. Look at Postmaster Tools.",
  },
];

const AUTHENTICATION = 'SPF, DKIM, DMARC, PTR or TLS is not as the receiver demands. Mend DNS or signing.';

const ANYBODY: readonly ReplyRule[] = [
  { code: /^2/, class: ACCEPTED, means: 'The server took the mail.' },
  {
    code: /^53[0458]/,
    class: UNAVAILABLE,
    means: 'The server wants a login (or TLS) first. Look at SMTP_URL.',
  },
  { code: /^4/, class: LATER, means: 'Refused for now.' },
  { code: /^5/, enhanced: /^5\.2\.2$/, class: LATER, means: 'The mailbox is full. It may be emptied.' },
  {
    code: /^55/,
    text: /(mailbox|inbox|quota).*(full|exceeded|out of storage)|over quota|メールボックス.*(超|容量)|容量.*超/i,
    class: LATER,
    means: 'The mailbox is full. It may be emptied.',
  },
  { code: /^5/, enhanced: /^5\.1\./, class: ADDRESS, means: 'There is no such address or domain.' },
  { code: /^5/, enhanced: /^5\.2\.1$/, class: ADDRESS, means: 'The mailbox is disabled.' },
  { code: /^5/, enhanced: /^5\.2\.3$/, class: OURS, means: 'The message is too big for the receiver.' },
  { code: /^5/, enhanced: /^5\.3\.4$/, class: OURS, means: 'The message is too big for the receiver.' },
  { code: /^5/, text: ABOUT_SIZE, class: OURS, means: 'The message is too big for the receiver.' },
  {
    code: /^5/,
    enhanced: AUTHENTICITY_CODE,
    class: OURS,
    means: AUTHENTICATION,
  },
  {
    code: /^5/,
    text: /\b(spf|dkim|dmarc)\b|unauthenticated|authentication (checks|information)/i,
    class: OURS,
    means: AUTHENTICATION,
  },
  { code: /^5/, enhanced: /^5\.7\./, class: FILTERED, means: "The receiver's rules refuse the mail." },
  {
    code: /^5/,
    text: /spam|blocked|black ?list|block ?list|reputation|policy/i,
    class: FILTERED,
    means: "The receiver's rules refuse the mail.",
  },
  {
    code: /^55/,
    text: /unknown user|user unknown|no such (user|address|mailbox|recipient)|(user|mailbox|recipient|address) (not found|unknown|does not exist)|invalid (recipient|mailbox|address)/i,
    class: ADDRESS,
    means: 'There is no such address.',
  },
  {
    code: /^501/,
    text: /address.* syntax/i,
    class: ADDRESS,
    means: 'The server does not know this form of an address (dots of earlier years, C13).',
  },
  {
    code: /^50/,
    class: OURS,
    means: 'The server does not understand what we say: a bug of ours, or no mail server.',
  },
  { code: /^550/, class: ADDRESS, means: 'The mailbox is not available (RFC 5321 §4.2.3).' },
  { code: /^551/, class: ADDRESS, means: 'The mailbox is elsewhere (RFC 5321 §4.2.3).' },
  { code: /^552/, class: OURS, means: 'The message is too big (RFC 5321 §4.2.3).' },
  { code: /^553/, class: ADDRESS, means: "The mailbox's name is not allowed (RFC 5321 §4.2.3)." },
  { code: /^521/, class: ADDRESS, means: 'The host accepts no mail (RFC 7504).' },
  { code: /^556/, class: ADDRESS, means: 'The domain accepts no mail (RFC 7504).' },
  {
    code: /^5/,
    class: FILTERED,
    means: 'A final refusal without a known reason: the address is not blamed for it.',
  },
];

/** The meaning of replies that do not refuse us. The first row that applies counts. */
export const REPLY_RULES: readonly ReplyRule[] = [...CARRIERS, ...ANYBODY];
