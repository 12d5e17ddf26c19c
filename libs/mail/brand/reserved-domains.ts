import type { Brand, Brands } from './brand.ts';

/** RFC 2606 and RFC 6761: domains that nobody can own, for examples and tests. */
const RESERVED = /(^|\.)(example|test|invalid|localhost|example\.(com|net|org))$/;

/** The part of a logger that is needed here. */
interface Log {
  warn(facts: object, message: string): void;
}

/** The fields of a brand that hold a reserved domain, as `field: value`. */
function reservedFields({ site, mail, links }: Brand): string[] {
  const hosts = Object.entries({
    'site.url': new URL(site.url).hostname,
    'mail.domain': mail.domain,
    'mail.bounceDomain': mail.bounceDomain,
    ...Object.fromEntries(links.map(({ url }, index) => [`links.${index}.url`, new URL(url).hostname])),
  });
  return hosts.filter(([, host]) => RESERVED.test(host)).map(([field, host]) => `${field}: ${host}`);
}

/**
 * Warns of each brand whose file still has domains of examples, with the file and the fields (B1): servers refuse mails
 * from there, and nobody reaches its pages. Trying out works with them, so they are no error.
 */
export function warnOfReservedDomains(brands: Brands, log: Log): void {
  for (const brand of brands.values()) {
    const fields = reservedFields(brand);
    if (fields.length === 0) continue;
    log.warn(
      { brand: brand.id, file: `${brand.id}.yaml`, fields },
      'A brand has the domains of an example: its mails will be refused, and its pages cannot be reached',
    );
  }
}
