import { z } from 'zod';

/** A mail server as `SMTP_URL` names it. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`). */
  readonly secure: boolean;
  /** Send nothing unless STARTTLS succeeds. */
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly password: string };
}

export interface SealKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface ApiToken {
  readonly name: string;
  readonly token: string;
}

export type AtLeastOne<T> = readonly [T, ...T[]];

/** Reports what is wrong with a value, without the value itself: it may be a secret. */
type Refuse = (message: string) => void;

/** A schema from text to `T`; `read` returns `undefined` after calling `refuse`. */
export function text<T>(read: (value: string, refuse: Refuse) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((value, context) => {
    const result = read(value, (message) => context.addIssue({ code: 'custom', message }));
    if (result !== undefined) return result;
    if (context.issues.length === 0) context.addIssue({ code: 'custom', message: '' });
    return z.NEVER;
  });
}

export const items = (value: string): string[] => value.split(',').map((item) => item.trim());

/** Reads a list whose items must differ in `identity`; a problem names the item by its position. */
function readList<T>(
  identity: (item: T) => string,
  read: (item: string, refuse: Refuse) => T | undefined,
): (value: string, refuse: Refuse) => AtLeastOne<T> | undefined {
  return (value, refuse) => {
    const result: T[] = [];
    for (const [index, item] of items(value).entries()) {
      const at = `item ${index + 1}`;
      const one = read(item, (message) => refuse(`${at} ${message}`));
      if (one === undefined) return undefined;
      if (result.some((other) => identity(other) === identity(one))) {
        refuse(`${at} repeats an earlier one`);
        return undefined;
      }
      result.push(one);
    }
    const [first, ...others] = result;
    return first === undefined ? undefined : [first, ...others];
  };
}

export function list<T>(...how: Parameters<typeof readList<T>>): z.ZodType<AtLeastOne<T>, string> {
  return text(readList(...how));
}

export function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** A whole number between the two, written in digits. */
export const wholeNumber = (min: number, max: number): z.ZodType<number, string> =>
  text((value) => (/^\d{1,9}$/.test(value) && +value >= min && +value <= max ? Number(value) : undefined));

export const matching = (pattern: RegExp): z.ZodType<string, string> => z.string().regex(pattern, '');

export const subsetOf = <const T extends string>(all: readonly T[]): z.ZodType<AtLeastOne<T>, string> =>
  list(
    (item) => item,
    (item, refuse) => {
      const known = all.find((one) => one === item);
      if (known === undefined) refuse('is none of them');
      return known;
    },
  );

export const brokers = list<string>(
  (broker) => broker,
  (item, refuse) => {
    const port = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(item)?.[1];
    if (port !== undefined && +port > 0 && +port < 65_536) return item;
    refuse('is not host:port');
    return undefined;
  },
);

/** Contains commas itself, so it is no list: `redis+sentinel://[user:password@]host:port,host:port/name`. */
const SENTINEL_URL = /^rediss?\+sentinel:\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/([^/?#]+)(?:\?([^#]*))?$/;
const SENTINEL_PARAMETERS = ['sentinelUsername', 'sentinelPassword'];

function sentinelProblem(value: string): string | undefined {
  const [, access = '', hosts = '', name = '', query] = SENTINEL_URL.exec(value) ?? [];
  if (hosts === '') return 'it is not redis+sentinel://host:port,host:port/name';
  if (!items(hosts).every((host) => URL.canParse(`redis://${host}`))) return 'a sentinel is not host:port';
  if (decoded(access) === undefined || decoded(name) === undefined)
    return 'its user, password or name is not percent-encoded';
  const parameters = new URLSearchParams(query);
  if ([...parameters.keys()].some((parameter) => !SENTINEL_PARAMETERS.includes(parameter)))
    return 'it has a parameter other than sentinelUsername and sentinelPassword';
  if (parameters.has('sentinelUsername') && !parameters.has('sentinelPassword'))
    return 'it has a sentinelUsername without a sentinelPassword';
  return undefined;
}

const readRedisUrls = readList<string>(
  (url) => url,
  (item, refuse) => {
    const url = parseUrl(item);
    if (url === undefined) refuse('is not a URL');
    else if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
      refuse('does not begin with redis:// or rediss://');
    else if (url.hostname === '') refuse('has no host');
    else if (!/^(\/\d*)?$/.test(url.pathname)) refuse('has a path that is not a database number');
    else if (decoded(url.username) === undefined || decoded(url.password) === undefined)
      refuse('has a user or password that is not percent-encoded');
    else return item;
    return undefined;
  },
);

/** The nodes of a cluster, or one URL of a single Redis or of sentinels. */
export const redisUrls: z.ZodType<AtLeastOne<string>, string> = text((value, refuse) => {
  const one = value.trim();
  if (/^rediss?\+sentinel:/.test(one)) {
    const problem = sentinelProblem(one);
    if (problem === undefined) return [one];
    refuse(problem);
    return undefined;
  }
  const urls = readRedisUrls(value, refuse);
  const problem = urls && urls.length > 1 ? clusterProblem(urls.map((url) => new URL(url))) : undefined;
  if (problem === undefined) return urls;
  refuse(problem);
  return undefined;
});

/** What is wrong with the URLs of a cluster: the client uses the scheme and login of the first for every node. */
function clusterProblem(urls: readonly URL[]): string | undefined {
  const [first] = urls;
  for (const [index, { protocol, username, password, pathname }] of urls.entries()) {
    const item = `item ${index + 1}`;
    if (/[1-9]/.test(pathname)) return `${item} names a database, and a cluster has only 0`;
    if (protocol !== first?.protocol)
      return `${item} is ${protocol}// behind ${first?.protocol}//, and all nodes need the same`;
    if (username !== first.username || password !== first.password)
      return `${item} has another user or password than item 1, and all nodes need the same`;
  }
  return undefined;
}

function smtpProblem(url: URL): string | undefined {
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')
    return 'it does not begin with smtp:// or smtps://';
  if (url.hostname === '') return 'it has no host';
  if (url.pathname !== '' && url.pathname !== '/') return 'it has a path';
  const [unknown] = [...url.searchParams.keys()].filter((name) => name !== 'requireTLS');
  if (unknown !== undefined) return 'it has a parameter other than requireTLS';
  if (!['true', 'false', null].includes(url.searchParams.get('requireTLS')))
    return 'requireTLS is not true or false';
  if ((url.username === '') !== (url.password === '')) return 'it has a user or a password without the other';
  if (decoded(url.username) === undefined || decoded(url.password) === undefined)
    return 'its user or password is not percent-encoded';
  return undefined;
}

export const smtpServer: z.ZodType<SmtpServer, string> = text((value, refuse) => {
  const url = parseUrl(value);
  const problem = url === undefined ? 'it is not a URL' : smtpProblem(url);
  if (url === undefined || problem !== undefined) {
    refuse(problem ?? '');
    return undefined;
  }
  const secure = url.protocol === 'smtps:';
  const user = decoded(url.username);
  const password = decoded(url.password);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 465 : 25) : Number(url.port),
    secure,
    requireTLS: url.searchParams.get('requireTLS') === 'true',
    ...(user && password ? { auth: { user, password } } : {}),
  };
});

export const sealKeys = list<SealKey>(
  (key) => key.id,
  (item, refuse) => {
    const [, id, base64] = /^([A-Za-z0-9_-]+):(.*)$/.exec(item) ?? [];
    if (id === undefined || base64 === undefined) refuse('is not id:key');
    else if (!/^[A-Za-z0-9+/]{43}=$/.test(base64)) refuse('has a key that is not the base64 of 32 bytes');
    else return { id, key: Buffer.from(base64, 'base64') };
    return undefined;
  },
);

/** Tokens must be unique: the same token under two names would not identify the caller. */
export const apiTokens = list<ApiToken>(
  ({ token }) => token,
  (item, refuse) => {
    const [, name, token] = /^([^:\s]+):([\x21-\x7e]+)$/.exec(item) ?? [];
    if (name !== undefined && token !== undefined) return { name, token };
    refuse('is not name:token in visible ASCII');
    return undefined;
  },
);
