/** Shows the last four digits of a telephone number: enough to recognise it, too little to ring it. */
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
const NUMBER = /(?<![\w.+-])(?:0\d{9,10}|\+\d{7,15})(?![\w.])/g;

/**
 * Masks every address, telephone number and the path of every link in a text that others wrote: answers of mail
 * servers and messages of errors repeat what they were given.
 */
export function scrub(text: string): string {
  return text.replace(LINK, '$1/***').replace(ADDRESS, maskAddress).replace(NUMBER, maskNumber);
}
