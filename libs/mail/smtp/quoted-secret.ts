/** What stands where something was cut out. */
const CUT = '***';
/** So many letters and digits in a row of a link are a part of its token, not a word that both happen to hold. */
const TELLING = 8;
/** Fewer than so many of the encoded form say nothing. */
const LEAST_ENCODED = 4;
/** The codes that a reply begins with (RFC 5321 §4.2, RFC 3463). */
const CODES = /^[2-5]\d\d(?: [245]\.\d{1,3}\.\d{1,3})?(?= |$)/;
const URL_TAIL = /(\bhttps?:\/\/[^\s/?#"'<>]+)[/?#][^\s"'<>]*/gi;

/** Text with each URL cut to its host: what stands behind it may be for one reader alone. Pure. */
export function urlsToHosts(text: string): string {
  return text.replace(URL_TAIL, `$1/${CUT}`);
}

/**
 * A mail server's reply without the secret of the mail (O5), which a filter may quote: URLs are cut to their host, and
 * every word that holds a code, or eight letters and digits of a link in a row, however they are spaced or written in
 * capitals, also as base64, is cut out. The codes at the beginning stay. Pure.
 */
export function withoutQuotedSecret(reply: string, secret: { code: string } | { link: string }): string {
  const codes = CODES.exec(reply)?.[0] ?? '';
  const parts = needles('code' in secret ? secret.code : behindHost(secret.link));
  let text = urlsToHosts(reply.slice(codes.length));
  // What is cut out can bring together what stood on both sides of it.
  for (;;) {
    const next = cutOnce(text, parts);
    if (next === text) return codes + text;
    text = next;
  }
}

/** Letters and digits whose sequence gives the secret away: of `length` at a time. */
interface Needles {
  readonly length: number;
  readonly parts: ReadonlySet<string>;
}

function needles(secret: string): Needles[] {
  const bytes = Buffer.from(secret);
  const encoded = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    // The first and the last character also hold bits of what stands around the secret.
    return text.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1);
  });
  const forms = encoded.map(plain).filter((form) => form.length >= LEAST_ENCODED);
  return [plain(secret), ...forms].filter((form) => form !== '').map(needle);
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
  const cut = new Set<number>();
  for (const { length, parts } of all) {
    for (let at = 0; at + length <= letters.length; at += 1) {
      if (!parts.has(letters.slice(at, at + length))) continue;
      const end = wordEnd(text, places[at + length - 1] ?? 0);
      for (let place = wordBegin(text, places[at] ?? 0); place < end; place += 1) cut.add(place);
    }
  }
  let kept = '';
  for (let place = 0; place < text.length; place += 1) {
    if (!cut.has(place)) kept += text[place];
    else if (!cut.has(place - 1)) kept += CUT;
  }
  return kept;
}

const wordBegin = (text: string, at: number): number =>
  at - (/[\w-]*$/.exec(text.slice(0, at))?.[0].length ?? 0);
const wordEnd = (text: string, at: number): number => at + (/^[\w-]*/.exec(text.slice(at))?.[0].length ?? 0);

function behindHost(link: string): string {
  return link.replace(/^https?:\/\/[^/?#]*/i, '');
}

function plain(text: string): string {
  return text.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
