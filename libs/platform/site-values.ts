import { isIP } from 'node:net';
import type { z } from 'zod';
import { items, list, parseUrl, text } from './environment-values.ts';

/** The origin of a site, without a path: `https://host[:port]`, or `http:` for trying out. */
export const siteOrigin: z.ZodType<string, string> = text((value, refuse) => {
  const url = parseUrl(value);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') return undefined;
  if (url.origin === value.replace(/\/$/, '')) return url.origin;
  refuse('it has more than a scheme, a host and a port');
  return undefined;
});

/** IP addresses and CIDR blocks. */
export const addressBlocks = list<string>(
  (block) => block,
  (item, refuse) => {
    const [address = '', bits, ...more] = item.split('/');
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    if (most < 0 || more.length > 0) refuse('is not an IP address or a CIDR block');
    else if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && +bits <= most))
      refuse(`has a prefix length that is not 0 to ${most}`);
    else return item;
    return undefined;
  },
);

const MAX_WAIT_SECONDS = 86_400;

/** Waits in milliseconds, written in seconds; a lone `0` is none. */
export const waits: z.ZodType<readonly number[], string> = text((value) => {
  const seconds = items(value);
  if (!seconds.every((one) => /^\d{1,6}$/.test(one) && +one <= MAX_WAIT_SECONDS)) return undefined;
  return value.trim() === '0' ? [] : seconds.map((one) => Number(one) * 1000);
});
