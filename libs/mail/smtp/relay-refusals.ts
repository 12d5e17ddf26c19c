import type { Answer, Asked, RelayRefusal } from './answer-rule.ts';
import { BY_WORDS, HOST_ADDRESS, OF_MAIL, OF_SENDER, OF_SIZE, REFUSAL } from './refusal-words.ts';
import type { SmtpReply } from './reply.ts';

const MEANS: Readonly<Record<RelayRefusal, string>> = {
  login: 'The relay wants a login, or TLS. Look at SMTP_URL; the mails wait until their deadline.',
  access: 'The relay does not let us send. Mend its access list; the mails wait until their deadline.',
  limit: 'Our quota or rate at the relay is spent. The mails wait until their deadline.',
  name: 'The relay refuses the name that we greet it by. Look at SMTP_CLIENT_NAME.',
  server: 'The relay itself takes no mail: its disk is full, or it is closed. Mend it.',
  sender:
    "The relay refuses the sender's address or domain. Look at the brand, and at the relay's list of senders.",
};

/** The answer that a refusal of us is: the mail waits. */
export const REFUSED_US = Object.fromEntries(
  Object.entries(MEANS).map(([by, means]) => [by, { verdict: { kind: 'later', refusedUs: by }, means }]),
) as Readonly<Record<RelayRefusal, Answer>>;

/** RFC 4954: a login is wanted or was refused, or is not strong enough. At MAIL the server serves nobody. */
const LOGIN_CODE = /^53[0458]$/;

/** Codes of RFC 3463's registry and of Exchange that say it all. */
const BY_CODE: readonly (readonly [RelayRefusal, RegExp])[] = [
  ['login', /^5\.7\.(?:8|1[013]|57)$/],
  ['access', /^5\.7\.(?:25|51|511|54|64|68|6[0-4]\d|367|70[89])$/],
  ['limit', /^5\.(?:4\.5|1\.90|7\.(?:23[23]|508|705|750))$/],
  ['name', /^5\.7\.506$/],
  ['sender', /^5\.(?:1\.[78]|2\.252|7\.(?:60|50[1-3]|512))$/],
];
/** The mail system of the server that we speak to. Some put it before whatever they say, so that words come first. */
const SERVER_CODE = /^5\.3\.[0-25]$/;
/** An address or a mailbox (X.1.X and X.2.X, but for "other"), or whom an Exchange recipient takes mail from. */
const OF_RECIPIENT_CODE = /^5\.(?:[12]\.[1-9]|7\.1[23]\d$)/;
/** What SPF, DKIM, DMARC or the like prove of a message. */
export const OF_PROOF_CODE = /^5\.7\.(?:9|15|2[0-46-7]|29|30|32|515)$/;
const TOO_BIG = '5.3.4';
/** What a reply is about is said at its beginning. */
const LONGEST_READ = 2_000;

/**
 * Whether a 5xx refuses us instead of this recipient or this message, and why; `undefined` when it does not, and the table
 * of answers says what it means. The stage decides first (MAIL names no recipient), then the enhanced status code, then
 * who is named, and other words only at last: one wrong setting must not bounce everybody's mail.
 */
export function refusalOfUs(reply: SmtpReply, asked: Asked): RelayRefusal | undefined {
  const { code, enhanced } = reply;
  if (code < 500) return undefined;
  const answersMail = asked.stage === 'mail';
  if (LOGIN_CODE.test(String(code))) return answersMail ? undefined : 'login';
  const text = withoutNames(reply.text.slice(0, LONGEST_READ), asked);
  if (enhanced === TOO_BIG || OF_SIZE.test(text)) return undefined;
  if (!answersMail && isOfRecipientOrMessage(enhanced, text)) return undefined;
  const cause =
    first(BY_CODE, enhanced) ??
    first(BY_WORDS, text) ??
    (SERVER_CODE.test(enhanced) ? 'server' : undefined) ??
    (answersMail ? 'sender' : undefined);
  // Our sender may be one of several, whose mails must not hold up those of the others.
  return text.includes(OUR_SENDER) && (cause ?? REFUSAL.test(text)) ? 'sender' : cause;
}

function isOfRecipientOrMessage(enhanced: string, text: string): boolean {
  if (first(BY_CODE, enhanced) || OF_SENDER.test(text)) return false;
  return OF_RECIPIENT_CODE.test(enhanced) || OF_PROOF_CODE.test(enhanced) || OF_MAIL.test(text);
}

function first(rows: readonly (readonly [RelayRefusal, RegExp])[], of: string): RelayRefusal | undefined {
  return rows.find(([, pattern]) => pattern.test(of))?.[0];
}

const LINK = /\bhttps?:\/\/\S+/gi;
const ADDRESS = /<?[^\s<>"'(]+@([^\s<>"',;:)]+)>?/g;
const DOMAIN = /(?<![\w.@-])[\w-]+(?:\.[\w-]+)+/g;
/** Postfix puts this before whatever a policy answers at RCPT, also before what it has against us. */
const PREFIX = /recipient address rejected:/i;
const OUR_SENDER = '<us>';

/**
 * A text with `<us>` for addresses at the envelope sender's domain and for that domain or one above it, `<@>` for other
 * addresses and for the recipient's domain, and without links: what stands in a name is no word.
 */
function withoutNames(text: string, { from, to }: Asked): string {
  const [own, receiving] = [domainOf(from), domainOf(to)];
  const ofAddress = (domain: string): string => (domain === own && domain !== receiving ? OUR_SENDER : '<@>');
  const ofDomain = (name: string): string => {
    const domain = name.toLowerCase();
    if (domain === receiving) return '<@>';
    return `.${own}`.endsWith(`.${domain}`) ? OUR_SENDER : name;
  };
  return text
    .replace(LINK, (link) => HOST_ADDRESS.exec(link)?.[0] ?? '')
    .replace(ADDRESS, (_address, domain: string) => ofAddress(domain.toLowerCase()))
    .replace(DOMAIN, ofDomain)
    .replace(PREFIX, '');
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
