/** Shows the last four digits of a telephone number: enough to recognise it, too little to call it. */
export function maskNumber(number: string): string {
  const shown = number.length > 7 ? number.slice(-4) : '';
  return '*'.repeat(number.length - shown.length) + shown;
}

/** Shows the first letter and the domain of a mail address. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '***' : `${address.slice(0, 1)}***${address.slice(at)}`;
}

const LINK = /\b(https?:\/\/[^\s/"'<>\\?#]+)[/?#][^\s"'<>\\]*/g;
const ADDRESS = /[^\s"'<>()\\,:;=]+@[A-Za-z0-9.-]+/g;
/** User and password of a URL; where the address mask ran first, something is still in front of the `@`. */
const CREDENTIALS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'<>\\/?#]*@/gi;
/**
 * Numbers of any length as events have them, and those that people write with hyphens. Behind a hyphen only lengths that
 * no part of a UUID has: ids stay as they are.
 */
const NUMBER =
  /(?<![\w.+-])(?:0\d{9,}|\+\d{7,}|(?:\+81-\d{1,4}|0\d{1,4})-\d{1,4}-\d{3,4})(?!\w|\.\d)|(?<=[A-Za-z]-)0\d{9,10}(?!\w|\.\d)/g;

/**
 * Masks every address, every telephone number, the path of every link and the login of every URL in a text that others
 * wrote: replies of mail servers and error messages repeat what they were given.
 */
export function scrub(text: string): string {
  return text
    .replace(LINK, '$1/***')
    .replace(ADDRESS, maskAddress)
    .replace(CREDENTIALS, '$1***@')
    .replace(NUMBER, maskNumber);
}
