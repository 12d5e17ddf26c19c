/** A code as a person types it, full-width digits, spaces and hyphens included → its digits and what else it has. */
export function digitsOf(text: string): string {
  return text.normalize('NFKC').replaceAll(/[\s\u2010-\u2015\u2212\u30FC-]/gu, '');
}
