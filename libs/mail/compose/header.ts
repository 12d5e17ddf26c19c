import { MailError } from '../mail-error.ts';

const WIDEST_LINE = 76;
/** The length of `=?UTF-8?B?` plus `?=`. */
const WORD_FRAME = 12;
const WIDEST_WORD = 75;

const PLAIN = /^[\x20-\x7e]*$/;
// Atoms of RFC 5321, plus dots in the places where carriers once allowed them (C13). Nothing that could end an address or a line.
const LOCAL_PART = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;
const DOT_ATOM = /^[^.]+(\.[^.]+)*$/;
const DOMAIN =
  /^(?=.{1,253}$)[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)+$/;

function bytesThatFit(width: number): number {
  return Math.floor((Math.min(width, WIDEST_WORD) - WORD_FRAME) / 4) * 3;
}

const encodedWord = (text: string): string => `=?UTF-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;

/** Folded encoded words (RFC 2047). Each holds whole characters, as §5 demands. */
function encodedWords(text: string, used: number): string {
  let words = '';
  let capacity = bytesThatFit(WIDEST_LINE - used);
  let start = 0;
  let bytes = 0;
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes + size > capacity) {
      words += `${encodedWord(text.slice(start, at))}\r\n `;
      capacity = bytesThatFit(WIDEST_LINE - 1);
      start = at;
      bytes = 0;
    }
    bytes += size;
    at += code < 0x10000 ? 1 : 2;
  }
  return words + encodedWord(text.slice(start));
}

/** One header field of unstructured text, folded, without its final CRLF. No text can end it or start another field. */
export function textHeader(name: string, text: string): string {
  const line = text.toWellFormed().replace(/\p{Cc}+/gu, ' ');
  const start = `${name}: `;
  const plain = PLAIN.test(line) && !line.includes('=?') && start.length + line.length <= WIDEST_LINE;
  return start + (plain ? line : encodedWords(line, start.length));
}

/** `Name: =?…?= <local@domain>`: one mailbox with a display name (RFC 5322 §3.4). */
export function senderHeader(name: string, displayName: string, address: string): string {
  const start = `${name}: `;
  const words = encodedWords(displayName, start.length);
  const lastLine = words.length - words.lastIndexOf('\n') + start.length;
  return `${start}${words}${lastLine + address.length + 3 > WIDEST_LINE ? '\r\n ' : ' '}<${address}>`;
}

/**
 * An address as written in a header. Old addresses with dots that RFC 5321 does not allow are quoted (C13). Throws
 * `RECIPIENT_INVALID` for anything that is not exactly one mailbox; the message does not repeat the address.
 */
export function headerAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  if (!LOCAL_PART.test(local) || !DOMAIN.test(domain))
    throw new MailError('RECIPIENT_INVALID', 'The recipient is not one mail address (C13)');
  return `${DOT_ATOM.test(local) ? local : `"${local}"`}@${domain}`;
}
