import type { Brands } from '../brand.ts';

/**
 * The name to greet a mail server by (RFC 5321 §4.1.1.1) when none is configured: the host's, or, when that is not fully
 * qualified and would be refused by many servers, the mail domain of the first brand.
 */
export function clientName(host: string, brands: Brands): string {
  const [first] = brands.values();
  return host.includes('.') || !first ? host : first.mail.domain;
}
