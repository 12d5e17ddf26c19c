import { nationalNumber } from '#events';
import { showCharacter, type TextProblem } from './text-problem.ts';

export type ParsedNumber =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

/** Everything that Japanese keyboards and copied web pages put between the digits of a number, and spaces. */
const SEPARATOR = /[-\u00AD\u2010-\u2015\u2043\u2212\u2500\u2501\u30FC\uFE58\uFE63\uFF0D\uFF70\s]/u;
const NATIONAL = /^0\d{9,10}$/;
const INTERNATIONAL = /^\+[1-9]\d{6,14}$/;

/** A subscriber's number as a person writes it → national digits (`0312345678`), or what is wrong and where. */
export function parseSubscriberNumber(text: string): ParsedNumber {
  const written = readDigits(text);
  const read = 'problems' in written ? written : withoutCountryCode(written.digits, text);
  if ('problems' in read) return { ok: false, problems: read.problems };
  return NATIONAL.test(read.digits) ? { ok: true, number: read.digits } : wrongNational(read.digits);
}

/** A caller as a person writes it → national digits, from abroad E.164 (`+14155550100`), or what is wrong and where. */
export function parseCallerNumber(text: string): ParsedNumber {
  const read = readDigits(text);
  if ('problems' in read) return { ok: false, problems: read.problems };
  const digits = nationalNumber(read.digits);
  if (NATIONAL.test(digits) || (INTERNATIONAL.test(digits) && !digits.startsWith('+81')))
    return { ok: true, number: digits };
  if (!digits.startsWith('+')) return wrongNational(digits, ', or + and the country code');
  return wrong(
    'number-international',
    `a number from abroad has + and 7 to 15 digits that do not start with 0, got + and ${digits.length - 1}`,
  );
}

/** Leaves ASCII digits, after at most one `+`. */
function readDigits(text: string): { digits: string } | { problems: readonly TextProblem[] } {
  let digits = '';
  const problems: TextProblem[] = [];
  let index = 0;
  for (const character of text) {
    const ascii = /[\uFF0B\uFF10-\uFF19]/u.test(character)
      ? String.fromCharCode(character.charCodeAt(0) - 0xfee0)
      : character;
    if (/[0-9]/.test(ascii) || (ascii === '+' && digits === '')) digits += ascii;
    else if (!SEPARATOR.test(character)) problems.push(strange(character, index));
    index += character.length;
  }
  if (problems.length > 0) return { problems };
  if (digits === '')
    return { problems: [{ code: 'number-empty', message: 'expected a telephone number, got none' }] };
  return { digits };
}

/** `+81` becomes the national 0. */
function withoutCountryCode(
  digits: string,
  text: string,
): { digits: string } | { problems: readonly TextProblem[] } {
  if (!digits.startsWith('+81')) return { digits };
  if (digits.startsWith('+810')) {
    const message = 'after +81 a number goes on without its leading 0';
    return { problems: [{ code: 'number-trunk-zero', message, index: text.search(/[0\uFF10]/u) }] };
  }
  return { digits: `0${digits.slice(3)}` };
}

function strange(character: string, index: number): TextProblem {
  const message = `expected digits and hyphens, got ${showCharacter(character)} at position ${index + 1}`;
  return { code: 'number-character', message, index };
}

function wrongNational(digits: string, alternative = ''): ParsedNumber {
  if (digits.startsWith('0')) {
    return wrong('number-length', `expected 10 or 11 digits${alternative}, got ${digits.length}`);
  }
  return wrong('number-start', `expected a number starting with 0${alternative}`);
}

function wrong(code: string, message: string): ParsedNumber {
  return { ok: false, problems: [{ code, message }] };
}
