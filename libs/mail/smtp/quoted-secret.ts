import { formsOf } from '#events';

/** What stands where something was cut out. */
const CUT = '***';
/** So many letters and digits in a row of a link are a part of its token, not a word that both happen to hold. */
const TELLING = 8;
/** A reply in which cutting goes on uncovering something is none that a person has to read. */
const MOST_ROUNDS = 10;
/** The codes that a reply begins with (RFC 5321 §4.2, RFC 3463). */
const CODES = /^[2-5]\d\d(?: [245]\.\d{1,3}\.\d{1,3})?(?= |$)/;
const URL_TAIL = /(\bhttps?:\/\/[^\s/?#"'<>]+)[/?#][^\s"'<>]*/gi;

/** Text with each URL cut to its host: what stands behind it may be for one reader alone. Pure. */
export function urlsToHosts(text: string): string {
  return text.replace(URL_TAIL, `$1/${CUT}`);
}

/**
 * A mail server's reply without the secret of the mail (O5), which a filter may quote: URLs are cut to their host, and
 * every word that holds a code, or eight letters and digits of a link in a row, however they are spaced, in capitals, in
 * full width or encoded, is cut out. The codes at the beginning stay. Pure.
 */
export function withoutQuotedSecret(reply: string, secret: { code: string } | { link: string }): string {
  const codes = CODES.exec(reply)?.[0] ?? '';
  const parts = needles('code' in secret ? secret.code : behindHost(secret.link));
  const said = reply.slice(codes.length);
  const whole = said.normalize('NFKC');
  let text = urlsToHosts(whole);
  // What is cut out can bring together what stood on both sides of it.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = cutOnce(text, parts);
    if (next === text) return codes + (text === whole ? said : text);
    text = next;
  }
  return `${codes} ${CUT}`;
}

/** Letters and digits whose sequence gives the secret away: of `length` at a time. */
interface Needles {
  readonly length: number;
  readonly parts: ReadonlySet<string>;
}

function needles(secret: string): Needles[] {
  const forms = new Set(formsOf(secret).map(plain));
  return [...forms].filter((form) => form !== '').map(needle);
}

function needle(form: string): Needles {
  const length = Math.min(TELLING, form.length);
  const count = form.length - length + 1;
  return { length, parts: new Set(Array.from({ length: count }, (_, at) => form.slice(at, at + length))) };
}

/** Cuts out every word that one of the needles touches; the same text when there is none. */
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
