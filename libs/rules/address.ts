import { showCharacter, type TextProblem } from './text-problem.ts';

/**
 * `legacy` is present when the address breaks a rule that addresses of earlier years were allowed to break (C13): it
 * may be kept where it is already stored, but is not accepted as a new one.
 */
export type ParsedAddress =
  | { readonly ok: true; readonly address: string; readonly legacy?: readonly TextProblem[] }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

const STRANGE = /[^0-9A-Za-z@\-_.!$%'*+/?^#]/u;
const LABEL = /^[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?$/;
const MAX_LOCAL = 63;
const MAX_LABEL = 63;
const MAX_DOMAIN = 253;
/** RFC 5321 §4.5.3.1.3: a path is 256 octets, two of which are its angle brackets. */
const MAX_ADDRESS = 254;

/** Parses a recipient's address by the rules of C13; nothing is trimmed or changed. Never throws. */
export function parseAddress(text: string): ParsedAddress {
  const shape = wrongShape(text);
  if (shape) return { ok: false, problems: [shape] };
  const at = text.indexOf('@');
  const problems = wrongDomain(text.slice(at + 1), at + 1);
  if (text.length > MAX_ADDRESS) {
    problems.push({ code: 'address-length', message: tooLong('an address', MAX_ADDRESS, text.length) });
  }
  if (problems.length > 0) return { ok: false, problems };
  const legacy = wrongLocal(text.slice(0, at));
  return legacy.length > 0 ? { ok: true, address: text, legacy } : { ok: true, address: text };
}

/**
 * Two addresses with the same key are the same address: domains are case-insensitive (RFC 1035 §2.3.3), the part before
 * the @ is up to the receiving server and is compared verbatim (RFC 5321 §2.4).
 */
export function addressKey(address: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + address.slice(at).toLowerCase();
}

/** The first problem that prevents splitting the text at a single @. */
function wrongShape(text: string): TextProblem | undefined {
  if (text === '') return { code: 'address-empty', message: 'expected an address, got none' };
  const strange = STRANGE.exec(text);
  if (strange) {
    const expected = `0-9 a-z A-Z - @ _ . ! $ % ' * + / ? ^ #`;
    const message = `expected ${expected}, got ${showCharacter(strange[0])} at position ${strange.index + 1}`;
    return { code: 'address-character', message, index: strange.index };
  }
  const at = text.indexOf('@');
  if (at < 0) return { code: 'address-no-at', message: 'expected an @' };
  if (at === 0)
    return { code: 'address-starts-with-at', message: 'expected something before the @', index: 0 };
  const second = text.indexOf('@', at + 1);
  if (second >= 0) return { code: 'address-two-ats', message: 'expected only one @', index: second };
  const last = text.length - 1;
  if (/[@.]$/.test(text)) {
    return { code: 'address-end', message: 'an address does not end with @ or a dot', index: last };
  }
  return undefined;
}

function wrongDomain(domain: string, start: number): TextProblem[] {
  const problems: TextProblem[] = [];
  const labels = domain.split('.');
  if (labels.length < 2) {
    problems.push({ code: 'domain-no-dot', message: 'expected a dot after the @', index: start });
  }
  if (domain.length > MAX_DOMAIN) {
    problems.push({
      code: 'domain-length',
      message: tooLong('a domain', MAX_DOMAIN, domain.length),
      index: start,
    });
  }
  let index = start;
  for (const label of labels) {
    if (!LABEL.test(label)) {
      const message = 'between the dots of a domain stand letters, digits and inner hyphens';
      problems.push({ code: 'domain-label', message, index });
    } else if (label.length > MAX_LABEL) {
      // RFC 1035 §2.3.4: no name server can answer for a longer one.
      const message = tooLong('a part of a domain', MAX_LABEL, label.length);
      problems.push({ code: 'domain-label-length', message, index });
    }
    index += label.length + 1;
  }
  return problems;
}

function wrongLocal(local: string): TextProblem[] {
  const problems: TextProblem[] = [];
  if (local.startsWith('.')) {
    problems.push({ code: 'local-dot-first', message: 'an address does not start with a dot', index: 0 });
  }
  if (local.endsWith('.')) {
    const message = 'no dot stands just before the @';
    problems.push({ code: 'local-dot-last', message, index: local.length - 1 });
  }
  const dots = local.indexOf('..');
  if (dots >= 0) {
    problems.push({ code: 'local-two-dots', message: 'no two dots stand in a row', index: dots });
  }
  if (local.length > MAX_LOCAL) {
    const message = tooLong('what stands before the @', MAX_LOCAL, local.length);
    problems.push({ code: 'local-length', message, index: MAX_LOCAL });
  }
  return problems;
}

function tooLong(what: string, most: number, length: number): string {
  return `${what} has at most ${most} characters, got ${length}`;
}
