import { formsOf } from '#events';
import type { MailContent } from '../mail.ts';
import type { SendResult } from './mail-sender.ts';
import { SmtpError } from './smtp-error.ts';

/** Longer responses are cut. */
const MAX_RESPONSE_LENGTH = 500;
/** Replaces what was cut out. */
const CUT = '***';
/** This many letters and digits of a link in a row are part of its token, not a word that both texts happen to share. */
const TOKEN_PART_LENGTH = 8;
/** A reply in which cutting keeps exposing more is dropped altogether. Nobody needs to read it. */
const MAX_ROUNDS = 10;
/** The codes at the start of a reply (RFC 5321 §4.2, RFC 3463). */
const CODES = /^[2-5]\d\d(?: [245]\.\d{1,3}\.\d{1,3})?(?= |$)/;
const URL_TAIL = /(\bhttps?:\/\/[^\s/?#"'<>]+)[/?#][^\s"'<>]*/gi;

/**
 * O5: removes the mail's code or link from the server's reply, which may quote it: replies are stored and published where
 * the secret must not be read. Only then shortens the reply to 500 characters, because half of a secret could not be found.
 * Pure.
 */
export function withoutSecret(result: SendResult, content: MailContent): SendResult {
  const secret = 'secret' in content ? content.secret : undefined;
  if ('response' in result) {
    const { response } = result;
    return { ...result, response: shortened(secret ? withoutQuotedSecret(response, secret) : response) };
  }
  if (!secret) return result;
  const { message } = result.error;
  const clean = withoutQuotedSecret(message, secret);
  if (clean === message) return result;
  const { code, replyCode } = result.error instanceof SmtpError ? result.error : {};
  const details = replyCode === undefined ? {} : { replyCode };
  return { ...result, error: code ? new SmtpError(code, clean, details) : new Error(clean) };
}

function shortened(response: string): string {
  return response.length > MAX_RESPONSE_LENGTH ? `${response.slice(0, MAX_RESPONSE_LENGTH)}…` : response;
}

/** Cuts each URL to its host, because the rest may be secret. Pure. */
export function urlsToHosts(text: string): string {
  return text.replace(URL_TAIL, `$1/${CUT}`);
}

/**
 * Removes the secret of a mail (O5) from a server's reply, where a filter may have quoted it. URLs are cut to their host.
 * Every word that contains a code, or eight letters and digits of a link in a row, is cut out, also when they are spaced
 * out, in capitals, in full width or encoded. The codes at the start stay. Pure.
 */
export function withoutQuotedSecret(reply: string, secret: { code: string } | { link: string }): string {
  const codes = CODES.exec(reply)?.[0] ?? '';
  const parts = needles('code' in secret ? secret.code : behindHost(secret.link));
  const original = reply.slice(codes.length);
  const whole = original.normalize('NFKC');
  let text = urlsToHosts(whole);
  // Cutting can join two halves of a secret that stood on either side.
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = cutOnce(text, parts);
    if (next === text) return codes + (text === whole ? original : text);
    text = next;
  }
  return `${codes} ${CUT}`;
}

/** Sequences of letters and digits, each of `length`, that give the secret away. */
interface Needles {
  readonly length: number;
  readonly parts: ReadonlySet<string>;
}

function needles(secret: string): Needles[] {
  const forms = new Set(formsOf(secret).map(plain));
  return [...forms].filter((form) => form !== '').map(needle);
}

function needle(form: string): Needles {
  const length = Math.min(TOKEN_PART_LENGTH, form.length);
  const count = form.length - length + 1;
  return { length, parts: new Set(Array.from({ length: count }, (_, at) => form.slice(at, at + length))) };
}

/** Cuts out every word that contains a part of a needle. Returns the same text if there is none. */
function cutOnce(text: string, all: readonly Needles[]): string {
  const places = [...text.matchAll(/[a-z0-9]/gi)].map(({ index }) => index);
  const letters = plain(text);
  const hits: { readonly from: number; readonly to: number }[] = [];
  for (const { length, parts } of all) {
    for (let at = 0; at + length <= letters.length; at += 1) {
      if (!parts.has(letters.slice(at, at + length))) continue;
      hits.push({ from: places[at] ?? 0, to: (places[at + length - 1] ?? 0) + 1 });
    }
  }
  let kept = '';
  let end = 0;
  for (const { from, to } of hits.toSorted((one, other) => one.from - other.from)) {
    if (to <= end) continue;
    let begin = Math.max(from, end);
    while (begin > end && isOfWord(text, begin - 1)) begin -= 1;
    if (begin > end || kept === '') kept += text.slice(end, begin) + CUT;
    end = to;
    while (isOfWord(text, end)) end += 1;
  }
  return kept + text.slice(end);
}

function isOfWord(text: string, at: number): boolean {
  return /[\w-]/.test(text.charAt(at));
}

function behindHost(link: string): string {
  return link.replace(/^https?:\/\/[^/?#]*/i, '');
}

function plain(text: string): string {
  return text.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
