import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { parseUrl, text } from './environment-values.ts';
import { siteOrigin } from './site-values.ts';

/** Where the documents of received FAXes lie, as `FAX_DOCUMENTS_URL` names it. */
export type FaxStorePlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | {
      readonly kind: 's3';
      /** The server's origin; buckets stand in the path. */
      readonly endpoint: string;
      readonly region: string;
      readonly bucket: string;
      /** The beginning of every key: empty, or with a `/` at its end. */
      readonly prefix: string;
    };

/** A server of one's own has no regions, but a signature names one. */
const NO_REGION = 'us-east-1';
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^\/(?:(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/|$))*$/;

/** `file:///folder`, or `s3://bucket/prefix?endpoint=…&region=…`. */
export const faxStorePlace: z.ZodType<FaxStorePlace, string> = text((value, refuse) => {
  const url = parseUrl(value);
  if (url?.protocol === 'file:') return folderOf(url, refuse);
  if (url?.protocol === 's3:') return bucketOf(url, refuse);
  refuse('it does not begin with file:/// or s3://');
  return undefined;
});

type Refuse = (message: string) => void;

function folderOf(url: URL, refuse: Refuse): FaxStorePlace | undefined {
  if (url.host !== '') refuse('it has a host between file:// and the folder');
  else if (url.search !== '' || url.hash !== '') refuse('it has something behind the folder');
  else if (/%2f|%00/i.test(url.pathname)) refuse('it has a slash or a NUL that is percent-encoded');
  else return { kind: 'folder', folder: fileURLToPath(url) };
  return undefined;
}

function bucketOf(url: URL, refuse: Refuse): FaxStorePlace | undefined {
  const problem = problemOf(url);
  if (problem !== undefined) {
    refuse(problem);
    return undefined;
  }
  const region = url.searchParams.get('region');
  const endpoint = url.searchParams.get('endpoint') ?? `https://s3.${region}.amazonaws.com`;
  const prefix = (url.pathname === '' ? '/' : url.pathname).slice(1);
  return {
    kind: 's3',
    endpoint: new URL(endpoint).origin,
    region: region ?? NO_REGION,
    bucket: url.hostname,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
  };
}

function problemOf({
  username,
  password,
  hostname,
  port,
  pathname,
  searchParams,
  hash,
}: URL): string | undefined {
  const endpoint = searchParams.get('endpoint');
  const region = searchParams.get('region');
  const others = [...searchParams.keys()].filter((name) => name !== 'endpoint' && name !== 'region');
  if (username !== '' || password !== '')
    return 'it has a user or password; FAX_DOCUMENTS_KEY_ID and FAX_DOCUMENTS_SECRET are for that';
  if (!BUCKET.test(hostname) || port !== '') return 'it has no name of a bucket';
  if (pathname !== '' && !PREFIX.test(pathname))
    return 'its prefix is not letters, digits, dots, underscores and hyphens';
  if (others.length > 0 || hash !== '') return 'it has a parameter other than endpoint and region';
  if (endpoint !== null && !siteOrigin.safeParse(endpoint).success)
    return 'its endpoint is not https://host[:port] or http://host[:port]';
  if (region !== null && !/^[a-z0-9-]{1,64}$/.test(region))
    return 'its region is not letters, digits and hyphens';
  return endpoint === null && region === null ? 'it has neither an endpoint nor a region' : undefined;
}
