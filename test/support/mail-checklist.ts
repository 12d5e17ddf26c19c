import { simpleParser, type ParsedMail } from 'mailparser';
import PostalMime, { type Email } from 'postal-mime';
import type { Brand, MailContent, MailKind } from '#mail';
import { htmlProblems } from './mail-html-checks.ts';
import type { Envelope } from './inbox.ts';
import { factsOf, wordsOf } from './mail-facts.ts';

/** What `checkMail` compares a mail with: its content, brand, recipient and envelope. */
export interface MailExpectation {
  readonly content: MailContent;
  readonly brand: Brand;
  readonly recipient: string;
  readonly envelope: Envelope;
  /** The composer's time, epoch milliseconds. */
  readonly sentAt: number;
}

const MINUTE_MS = 60_000;
const LARGEST_HEADERS = 12 * 1024;
const WIDEST_LINE = 76;
/** RFC 5322 §3.6: at most one of each. */
const SINGLE =
  'cc,bcc,sender,reply-to,auto-submitted,x-auto-response-suppress,feedback-id,list-unsubscribe,content-type';
/** Exactly one of each: required by RFC 5322 or RFC 2045, or asked for by large mailbox providers. */
const REQUIRED = 'from,to,subject,date,message-id,mime-version';
const SENDERS: Readonly<Record<MailKind, 'call' | 'fax' | 'fault' | 'access'>> = {
  call: 'call',
  test: 'call',
  fax: 'fax',
  fault: 'fault',
  recovery: 'fault',
  'one-time-password': 'access',
  'two-step-code': 'access',
  'address-registration': 'access',
  'password-changed': 'access',
  'address-changed': 'access',
  'account-locked': 'access',
};

interface Parsed {
  readonly raw: string;
  readonly header: string;
  readonly body: string;
  readonly postal: Email;
  readonly mailparser: ParsedMail;
}

async function parse(bytes: Uint8Array): Promise<Parsed> {
  const raw = Buffer.from(bytes).toString('latin1');
  const end = raw.indexOf('\r\n\r\n');
  return {
    raw,
    header: raw.slice(0, end),
    body: raw.slice(end + 4),
    postal: await PostalMime.parse(Buffer.from(bytes)),
    mailparser: await simpleParser(Buffer.from(bytes)),
  };
}

/** The raw values of a header, unfolded. */
function headerValues({ header }: Parsed, name: string): string[] {
  const lines = header.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  const start = `${name}:`.toLowerCase();
  return lines
    .filter((line) => line.toLowerCase().startsWith(start))
    .map((line) => line.slice(start.length).trim());
}

/** Normalises line ends: one parser keeps CRLF, the other does not. */
const lines = (text = ''): string => text.replaceAll('\r\n', '\n').trim();
const unquoted = (address: string): string => address.replaceAll('"', '');

function envelopeProblems({ brand, recipient, envelope }: MailExpectation): string[] {
  const problems: string[] = [];
  if (envelope.to.map(unquoted).join() !== recipient) problems.push('3: the envelope is for somebody else');
  const [token, domain] = envelope.from.split('@');
  if (!/^bounce\+[0-9a-f]{32}$/.test(token ?? '') || domain !== brand.mail.bounceDomain)
    problems.push(`11: the return path is ${envelope.from}`);
  return problems;
}

function addressProblems(mail: Parsed, { brand, content, recipient }: MailExpectation): string[] {
  const problems: string[] = [];
  const service = brand.services[SENDERS[content.event.kind]];
  const { from, to = [], cc = [], bcc = [] } = mail.postal;
  if (cc.length + bcc.length > 0) problems.push('3: Cc or Bcc');
  if (to.length !== 1 || unquoted(to[0]?.address ?? '') !== recipient)
    problems.push('3: To is not the recipient');
  const parsedTo = [mail.mailparser.to ?? []].flat().flatMap(({ value }) => value);
  if (parsedTo.length !== 1 || unquoted(parsedTo[0]?.address ?? '') !== recipient)
    problems.push('3: To is not the recipient (mailparser)');
  const sender = `${service.sender}@${brand.mail.domain}`;
  if (from?.address !== sender || from.name !== service.name) problems.push('4: From is not the service');
  if (mail.mailparser.from?.text !== `"${service.name}" <${sender}>`) problems.push('4: From (mailparser)');
  return problems;
}

function headerProblems(mail: Parsed, { brand, content, recipient, sentAt }: MailExpectation): string[] {
  const problems: string[] = [];
  for (const name of SINGLE.split(','))
    if (headerValues(mail, name).length > 1) problems.push(`2: ${name} stands twice`);
  for (const name of REQUIRED.split(','))
    if (headerValues(mail, name).length !== 1) problems.push(`2: ${name} does not stand once`);
  const [date = ''] = headerValues(mail, 'date');
  if (!date.endsWith(' +0900') || Math.abs(Date.parse(date) - sentAt) > MINUTE_MS)
    problems.push(`7: Date ${date}`);
  const [messageId = ''] = headerValues(mail, 'message-id');
  if (!messageId.endsWith(`@${brand.mail.domain}>`)) problems.push(`8: Message-ID ${messageId}`);
  if (headerValues(mail, 'auto-submitted')[0] !== 'auto-generated') problems.push('9: Auto-Submitted');
  if (headerValues(mail, 'x-auto-response-suppress')[0] !== 'OOF, AutoReply')
    problems.push('10: X-Auto-Response-Suppress');
  const [feedback = ''] = headerValues(mail, 'feedback-id');
  if (!/^[\w-]*:[\w-]*:[\w-]*:[\w-]{5,15}$/.test(feedback)) problems.push(`14: Feedback-ID ${feedback}`);
  const numbers = [...JSON.stringify(content).matchAll(/\d{10,}/g)].map(([number]) => number);
  if ([...numbers, recipient].some((name) => `${feedback}${messageId}`.includes(name)))
    problems.push('14: a header names a subscriber');
  if (headerValues(mail, 'list-unsubscribe').length > 0) problems.push('15: List-Unsubscribe');
  return problems;
}

function wireProblems({ raw, header, body, postal, mailparser }: Parsed): string[] {
  const problems: string[] = [];
  if (/[^\r]\n|\r[^\n]/.test(raw)) problems.push('18: a bare CR or LF');
  if (raw.split('\r\n').some((line) => line.length > 998)) problems.push('18: a line over 998 octets');
  if (body.split('\r\n').some((line) => line.length > WIDEST_LINE)) problems.push('18: a body line over 76');
  // To is not checked because it cannot be folded; other headers may come from servers on the way.
  for (const [line] of header.matchAll(
    /^(From|Subject|Date|Message-ID|Feedback-ID|Content-Type):.*(\r\n[ \t].*)*/gim,
  ))
    if (line.split('\r\n').some((folded) => folded.length > WIDEST_LINE)) problems.push(`6: ${line} over 76`);
  if (Buffer.byteLength(header) > LARGEST_HEADERS) problems.push('19: headers over 12 KB');
  for (const [word] of raw.matchAll(/=\?[^?]*\?[BQ]\?[^?]*\?=/gi))
    if (word.length > 75) problems.push('6: an encoded word over 75');
  const types = [...body.matchAll(/^Content-Type: ([^;\r]+); charset=([^\r;]+)/gim)].map(
    ([, ...found]) => found,
  );
  if (String(types) !== 'text/plain,utf-8,text/html,utf-8') problems.push(`16: parts ${String(types)}`);
  if (!/^Content-Type: multipart\/alternative;/im.test(header))
    problems.push('16: not multipart/alternative');
  if (postal.subject !== mailparser.subject) problems.push('1: two readers, two subjects');
  if (lines(postal.text) !== lines(mailparser.text)) problems.push('1: two readers, two texts');
  if (postal.html?.trim() !== String(mailparser.html).trim()) problems.push('1: two readers, two HTMLs');
  if (postal.attachments.length + mailparser.attachments.length > 0) problems.push('16: an attachment');
  return problems;
}

function textProblems(mail: Parsed, { content, brand }: MailExpectation): string[] {
  const text = mail.postal.text ?? '';
  const subject = mail.postal.subject ?? '';
  const problems: string[] = [];
  for (const fact of factsOf(content))
    if (!text.includes(fact)) problems.push(`17: the text does not state ${fact}`);
  for (const word of wordsOf(content)) {
    if (!subject.includes(word)) problems.push(`17: the subject does not say ${word}`);
    if (!text.includes(word)) problems.push(`17: the text does not say ${word}`);
  }
  const { event } = content;
  if (event.kind === 'call' && subject !== `着信通知（${event.calledNumber}）`)
    problems.push(`6: the subject is ${subject}`);
  const hasCode = 'secret' in content && content.secret !== undefined && 'code' in content.secret;
  if (hasCode) return [...problems, ...codeProblems(mail, brand)];
  for (const link of linksOf(content, brand))
    if (!text.includes(link)) problems.push(`17: the text does not say where to go on: ${link}`);
  return problems;
}

function codeProblems({ postal: { text = '', html = '' } }: Parsed, brand: Brand): string[] {
  const problems: string[] = [];
  const shown = html.replaceAll(/<[^>]*>/g, '');
  for (const [part, says] of [
    ['text', text],
    ['HTML', shown],
  ] as const) {
    if (!says.includes('誰にも教えないでください'))
      problems.push(`24: the ${part} does not say never to share the code`);
    if (!says.includes(`${brand.site.name}へのログインに必要な`))
      problems.push(`24: the ${part} does not say what the code is for`);
  }
  if (/https?:|www\.|<a\s/i.test(`${text}${html}`.replace(/xmlns(:\w+)?="[^"]*"/g, '')))
    problems.push('24: a mail with a code has a link');
  return problems;
}

function callableOf({ content }: MailExpectation): string | undefined {
  const { event } = content;
  if (event.kind !== 'call' || !('number' in event.caller)) return undefined;
  return event.caller.number.startsWith('+') ? undefined : event.caller.number;
}

function linksOf(content: MailContent, brand: Brand): string[] {
  return 'secret' in content && content.secret !== undefined && 'link' in content.secret
    ? [content.secret.link]
    : [brand.site.url];
}

/**
 * Checks a mail, as composed or as a server received it, against the checklist that every mail must pass. Resolves with
 * the problems, each with its number in the checklist.
 */
export async function checkMail(bytes: Uint8Array, expected: MailExpectation): Promise<string[]> {
  const mail = await parse(bytes);
  return [
    ...envelopeProblems(expected),
    ...addressProblems(mail, expected),
    ...headerProblems(mail, expected),
    ...wireProblems(mail),
    ...textProblems(mail, expected),
    ...htmlProblems(mail.postal.html ?? '', {
      subject: mail.postal.subject ?? '',
      facts: factsOf(expected.content),
      callable: callableOf(expected),
      links: linksOf(expected.content, expected.brand),
    }),
  ];
}
