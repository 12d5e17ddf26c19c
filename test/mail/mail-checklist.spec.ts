import type { Composer, MailContent, MailKind } from '#mail';
import { readSamples, TEMPLATES_DIR } from '../../libs/mail/build-templates.ts';
import { checkMail, type MailExpectation } from '../support/mail-checklist.ts';
import { composeToCheck, SENT_AT, TEST_BRANDS, testComposer } from '../support/test-composer.ts';

const TO = 'hanako@example.jp';
const brand = TEST_BRANDS.get('ntt-east')!;

interface Sent {
  readonly message: string;
  readonly expected: MailExpectation;
}

/** Changes a composed sample, whose `message` is Latin-1: one character an octet. */
type Change = (sent: Sent) => Sent;

let composer: Composer;
beforeAll(async () => {
  composer = await testComposer();
}, 60_000);

function sampleOf(kind: MailKind, name: string): MailContent {
  const found = readSamples(TEMPLATES_DIR, kind, brand).find((sample) => sample.name === name);
  if (found === undefined) throw new Error(`${kind} has no sample ${name}`);
  return found.content;
}

function sent(kind: MailKind, name: string): Sent {
  const { message, expected } = composeToCheck(composer, sampleOf(kind, name), brand.id, TO);
  return { message: message.toString('latin1'), expected };
}

/** Replaces text; throws if nothing changes, because the test would prove nothing. */
function replaced(text: string, what: string | RegExp, by: string): string {
  const changed = text.replace(what, by);
  if (changed === text) throw new Error(`Nothing to replace: ${String(what)}`);
  return changed;
}

const bytes =
  (what: string | RegExp, by: string): Change =>
  ({ message, expected }) => ({ message: replaced(message, what, by), expected });

/** Changes the text (0) or the HTML (1) inside its base64. */
const part =
  (index: 0 | 1, what: string | RegExp, by: string): Change =>
  ({ message, expected }) => {
    const bodies = [...message.matchAll(/base64\r\n\r\n([\w+/=\r\n]+?)(?=\r\n--)/g)].map(
      ([, body = '']) => body,
    );
    const body = bodies[index] ?? '';
    const decoded = replaced(Buffer.from(body, 'base64').toString(), what, by);
    const encoded = Buffer.from(decoded).toString('base64').replace(/.{76}/g, '$&\r\n');
    return { message: message.replace(body, encoded), expected };
  };
const text = (what: string | RegExp, by: string): Change => part(0, what, by);
const html = (what: string | RegExp, by: string): Change => part(1, what, by);

const expecting =
  (change: Partial<MailExpectation>): Change =>
  ({ message, expected }) => ({ message, expected: { ...expected, ...change } });

const FROM = /^From: [^\r]*(\r\n [^\r]*)*/m;
const SUBJECT = /^Subject: [^\r]*(\r\n [^\r]*)*/m;
const word = (subject: string): string => `Subject: =?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`;

const CALL = ['call', 'unanswered'] as const;
const CODE = ['one-time-password', 'sample'] as const;

/** Damaged mails, each with the point of the checklist that must detect it. */
const BROKEN: readonly (readonly [string, string, readonly [MailKind, string], Change])[] = [
  ['2', 'a second From', CALL, bytes(/^From:/m, 'From: x <x@example.com>\r\nFrom:')],
  ['1', 'a wrong charset', CALL, bytes('charset=utf-8', 'charset=shift_jis')],
  ['2', 'a second Subject', CALL, bytes(/^Date:/m, 'Subject: x\r\nDate:')],
  ['2', 'no Date', CALL, bytes(/^Date: .*\r\n/m, '')],
  ['3', 'a Bcc', CALL, bytes(/^Date:/m, 'Bcc: evil@example.com\r\nDate:')],
  ['3', 'a second recipient', CALL, bytes(/^To: .*/m, `To: ${TO}, evil@example.com`)],
  [
    '3',
    'an envelope for somebody else',
    CALL,
    expecting({ envelope: { from: 'x', to: ['evil@example.com'] } }),
  ],
  ['4', 'another sender', CALL, bytes(FROM, 'From: =?UTF-8?B?44GC?= <a@example.com>')],
  ['6', 'another subject', CALL, bytes(SUBJECT, word('着信通知'))],
  ['6', 'an encoded word that is too long', CALL, bytes(SUBJECT, word('着信通知'.repeat(9)))],
  ['7', 'a Date in UTC', CALL, bytes('+0900', '+0000')],
  ['7', 'a Date of yesterday', CALL, expecting({ sentAt: SENT_AT + 86_400_000 })],
  ['8', 'a Message-ID of another domain', CALL, bytes(/^(Message-ID: <.*@).*>/m, '$1example.com>')],
  ['9', 'no Auto-Submitted', CALL, bytes(/^Auto-Submitted.*\r\n/m, '')],
  ['10', 'a suppressed bounce', CALL, bytes('OOF, AutoReply', 'All')],
  ['11', 'a return path that names the recipient', CALL, expecting({ envelope: { from: TO, to: [TO] } })],
  ['14', 'no Feedback-ID', CALL, bytes(/^Feedback-ID.*\r\n/m, '')],
  [
    '14',
    "a Feedback-ID with a subscriber's number",
    CALL,
    bytes(/^Feedback-ID: call/m, 'Feedback-ID: 0312345679'),
  ],
  [
    '15',
    'a List-Unsubscribe',
    CALL,
    bytes(/^Date:/m, 'List-Unsubscribe: <https://www.hikari.ntt-east.net>\r\nDate:'),
  ],
  ['16', 'the HTML first', CALL, bytes('text/plain', 'text/html')],
  ['16', 'an attachment', CALL, bytes('multipart/alternative', 'multipart/mixed')],
  ['17', 'a text without the caller', CALL, text('09012345678', '')],
  ['17', 'a text without the time', CALL, text('10:00:00', '')],
  ['17', 'an HTML without the ringing time', CALL, html('12秒', '')],
  ['17', 'a text without a link', CALL, text('https://www.hikari.ntt-east.net', '')],
  ['17', 'a subject that does not name the event', ['fault', 'numbers'], bytes(SUBJECT, word('お知らせ'))],
  ['18', 'a bare LF', CALL, bytes(/^Date:/m, 'X-A: b\nDate:')],
  ['18', 'a line of 1,000 octets', CALL, bytes(/^Date:/m, `X-A: ${'a'.repeat(1_000)}\r\nDate:`)],
  ['19', 'an HTML that is too large', CALL, html('</h1>', `</h1>${' '.repeat(20_000)}`)],
  [
    '19',
    'headers that are too large',
    CALL,
    bytes(/^Date:/m, `${`X-A: ${'a'.repeat(900)}\r\n`.repeat(14)}Date:`),
  ],
  ['20', 'another language', CALL, html('lang=ja', 'lang=en')],
  ['20', 'no title', CALL, html(/<title>.*<\/title>/, '')],
  ['20', 'a table that claims to be data', CALL, html(/role=presentation/g, '')],
  ['20', 'text that is too pale', CALL, html(/color:\s?#16202c/g, 'color:#8896a4')],
  [
    '20',
    'text that is unreadable in dark mode',
    CALL,
    html('color:#eef2f6!important', 'color:#2a3440!important'),
  ],
  ['21', 'hidden text', CALL, html('</h1>', '</h1><div style="display:none">無料</div>')],
  [
    '21',
    'a preheader that says more than the mail',
    CALL,
    html(/(<div style="display:none[^>]*>)/, '$1 無料 '),
  ],
  ['22', 'a link to another number', CALL, html('tel:09012345678', 'tel:0990123456')],
  ['22', 'a link that shows another number', CALL, html('>090-1234-5678</a>', '>0990-123-456</a>')],
  ['22', 'no link to call back', CALL, html(/href="tel:\d+"/g, '')],
  ['22', 'a link without a number', ['call', 'withheld'], html('</h1>', '</h1><a href="tel:1">x</a>')],
  ['22', 'a link abroad', ['call', 'abroad'], html('</h1>', '</h1><a href="tel:+14155550100">x</a>')],
  ['23', 'an image', CALL, html('</h1>', '</h1><img src="https://example.com/a.gif">')],
  ['23', 'a script', CALL, html('</h1>', '</h1><script>1</script>')],
  ['23', 'a background image', CALL, html('<h1 style="', '<h1 style="background:url(//x.jp/a);')],
  ['23', 'an event handler', CALL, html('<h1', '<h1 onclick="a()"')],
  ['23', "a link to somebody else's site", CALL, html('</h1>', '</h1><a href="https://example.com">x</a>')],
  ['24', 'a text without the warning never to share the code', CODE, text('誰にも教えないでください', '')],
  ['24', 'an HTML without the warning never to share the code', CODE, html('誰にも教えないでください', '')],
  ['24', 'a text that does not say what the code is for', CODE, text('へのログインに必要な', 'の')],
  ['24', 'a link beside a code', CODE, text(/$/, 'https://www.hikari.ntt-east.net')],
  ['24', 'a link beside a code in the HTML', CODE, html('</h1>', '</h1><a href="x">x</a>')],
  ['17', 'a code without its expiry', CODE, text('10:05:00', '')],
];

describe('the checklist detects', () => {
  it.each([...new Set(BROKEN.map(([, , sample]) => sample))])(
    'nothing in %s %s as composed',
    async (...sample) => {
      const { message, expected } = sent(...sample);
      expect(await checkMail(Buffer.from(message, 'latin1'), expected)).toEqual([]);
    },
  );

  it.each(BROKEN)('%s: %s', async (point, _, sample, change) => {
    const { message, expected } = change(sent(...sample));
    const problems = await checkMail(Buffer.from(message, 'latin1'), expected);
    expect(problems.map((problem) => problem.split(':')[0])).toContain(point);
  });
});
