import type { Brand, Brands } from '#mail';

/** Finds the brand that a visitor sees before the login, by the request's `Host` header. */
export type BrandOf = (host: string | undefined) => Brand;

/**
 * The brand whose `site.url` has the host, else the first brand by id (B1). With `siteUrl`, for trying out, one host
 * serves everybody, and the first brand is shown.
 */
export function brandOfHost(brands: Brands, siteUrl?: string): BrandOf {
  const [first] = brands.values();
  if (first === undefined) throw new Error('expected at least one brand');
  // Brands may share a site, as OCN's are on those of NTT East and West: the first one by id shows itself there.
  const byHost = new Map(
    [...brands.values()].toReversed().map((brand) => [new URL(brand.site.url).host, brand]),
  );
  return (host = '') => (siteUrl === undefined ? byHost.get(host.toLowerCase()) : undefined) ?? first;
}
