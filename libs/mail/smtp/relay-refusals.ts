import { ABOUT_MAIL, ABOUT_SENDER, ABOUT_SIZE, BY_TEXT, HOST_ADDRESS, REFUSAL } from './refusal-patterns.ts';
import type { RelayRefusal, ReplyContext, ReplyMeaning } from './reply-meaning.ts';
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

/** What a refusal of us means: the mail waits. */
export const REFUSED_US = Object.fromEntries(
  Object.entries(MEANS).map(([by, means]) => [by, { class: { kind: 'later', refusedUs: by }, means }]),
) as Readonly<Record<RelayRefusal, ReplyMeaning>>;

/** RFC 4954: a login is required, was refused or is too weak. In reply to MAIL it means that the server serves nobody. */
const LOGIN_CODE = /^53[0458]$/;

/** Enhanced status codes, registered ones and Exchange's, that are conclusive by themselves. */
const BY_CODE: readonly (readonly [RelayRefusal, RegExp])[] = [
  ['login', /^5\.7\.(?:8|1[013]|57)$/],
  ['access', /^5\.7\.(?:25|51|511|54|64|68|6[0-4]\d|367|70[89])$/],
  ['limit', /^5\.(?:4\.5|1\.90|7\.(?:23[23]|508|705|750))$/],
  ['name', /^5\.7\.506$/],
  ['sender', /^5\.(?:1\.[78]|2\.252|7\.(?:60|50[1-3]|512))$/],
];
/** The server's own mail system. Some servers put it in front of any text, so the text is read first. */
const SERVER_CODE = /^5\.3\.[0-25]$/;
/** Address or mailbox status (X.1.X and X.2.X except "other"), or from whom an Exchange recipient accepts mail. */
const RECIPIENT_CODE = /^5\.(?:[12]\.[1-9]|7\.1[23]\d$)/;
/** The message failed SPF, DKIM, DMARC or a similar check. */
export const AUTHENTICITY_CODE = /^5\.7\.(?:9|15|2[0-46-7]|29|30|32|515)$/;
const TOO_BIG = '5.3.4';
/** A reply states its subject at the beginning. */
const MAX_TEXT_LENGTH = 2_000;

/**
 * Why a 5xx refuses us rather than this recipient or this message; `undefined` when it does not, and the reply rules apply.
 * The stage decides first (MAIL names no recipient), then the enhanced status code, then who is named, and other words
 * last: one wrong setting must not bounce everybody's mail.
 */
export function refusalOfUs(reply: SmtpReply, context: ReplyContext): RelayRefusal | undefined {
  const { code, enhanced } = reply;
  if (code < 500) return undefined;
  const isReplyToMail = context.stage === 'mail';
  if (LOGIN_CODE.test(String(code))) return isReplyToMail ? undefined : 'login';
  const text = withoutNames(reply.text.slice(0, MAX_TEXT_LENGTH), context);
  if (enhanced === TOO_BIG || ABOUT_SIZE.test(text)) return undefined;
  if (!isReplyToMail && isAboutRecipientOrMessage(enhanced, text)) return undefined;
  const cause =
    first(BY_CODE, enhanced) ??
    first(BY_TEXT, text) ??
    (SERVER_CODE.test(enhanced) ? 'server' : undefined) ??
    (isReplyToMail ? 'sender' : undefined);
  // We may have several senders, and mails of a refused one must not hold up the others'.
  return text.includes(OUR_SENDER) && (cause ?? REFUSAL.test(text)) ? 'sender' : cause;
}

function isAboutRecipientOrMessage(enhanced: string, text: string): boolean {
  if (first(BY_CODE, enhanced) || ABOUT_SENDER.test(text)) return false;
  return RECIPIENT_CODE.test(enhanced) || AUTHENTICITY_CODE.test(enhanced) || ABOUT_MAIL.test(text);
}

function first(rows: readonly (readonly [RelayRefusal, RegExp])[], text: string): RelayRefusal | undefined {
  return rows.find(([, pattern]) => pattern.test(text))?.[0];
}

const LINK = /\bhttps?:\/\/\S+/gi;
const ADDRESS = /<?[^\s<>"'(]+@([^\s<>"',;:)]+)>?/g;
const DOMAIN = /(?<![\w.@-])[\w-]+(?:\.[\w-]+)+/g;
/** Postfix puts this in front of any policy's reply to RCPT, even one that refuses us. */
const POLICY_PREFIX = /recipient address rejected:/i;
const OUR_SENDER = '<us>';

/**
 * Masks names in a text, so that no word is found inside one: `<us>` for addresses at the envelope sender's domain and for
 * that domain or a parent of it, `<@>` for other addresses and for the recipient's domain. Links are removed.
 */
function withoutNames(text: string, { from, to }: ReplyContext): string {
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
    .replace(POLICY_PREFIX, '');
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
