import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a POST comes from a page of this site (ADR 0025). A browser says it by `Sec-Fetch-Site`; one that is too old
 * for that, by `Origin`. Without either nobody knows, and it does not. `secure`: whether the request came by https.
 */
export function isFromThisSite(headers: IncomingHttpHeaders, secure: boolean): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  // A proxy that is not configured hides https from us; a browser does not lie about its own scheme.
  if (protocol !== 'https:' && (secure || protocol !== 'http:')) return false;
  return originHost === hostWithoutDefaultPort(host, protocol);
}

/** As URLs write it: in small letters, without `:443` of https and `:80` of http. */
function hostWithoutDefaultPort(host: string, protocol: string): string | undefined {
  const url = `${protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
