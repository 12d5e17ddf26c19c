/** The login for a Redis. */
interface RedisAccess {
  readonly username?: string;
  readonly password?: string;
}

interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

interface Anywhere {
  readonly access: RedisAccess;
  readonly secure: boolean;
}

/** Where Redis is, parsed from `REDIS_URL`. */
export type RedisAddress =
  | (Anywhere & HostAndPort & { readonly kind: 'single'; readonly database: number })
  /** The seed nodes. The cluster reports the others. */
  | (Anywhere & { readonly kind: 'cluster'; readonly nodes: readonly HostAndPort[] })
  /** The master of this name, as the sentinels report it. */
  | (Anywhere & {
      readonly kind: 'sentinel';
      readonly name: string;
      readonly sentinels: readonly HostAndPort[];
      readonly sentinelAccess: RedisAccess;
    });

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;
/** Parsed by hand: a WHATWG URL has only one host. */
const SENTINEL = /^redis(s?)\+sentinel:\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/([^/?#]+)(?:\?([^#]*))?$/;

/**
 * Parses one `redis://[user:password@]host[:port][/database]` (`rediss://` for TLS), several of them for a cluster, or one
 * `redis+sentinel://[user:password@]host:port,host:port/name[?sentinelUsername=…&sentinelPassword=…]`. Throws a `TypeError`
 * for anything else, and for nodes that differ in scheme or login, because these apply to all nodes. The message does not
 * repeat the URL.
 */
export function readRedisAddress(urls: readonly string[]): RedisAddress {
  const [first, ...others] = urls;
  if (first === undefined) throw new TypeError('urls: expected at least one');
  if (others.length === 0) return readSentinels(first) ?? readSingle(first);
  const nodes = urls.map(readSingle);
  const { access, secure } = readSingle(first);
  for (const node of nodes) {
    const { username, password } = node.access;
    if (node.secure !== secure || username !== access.username || password !== access.password)
      throw new TypeError('urls: expected the same scheme, user and password for every node of a cluster');
  }
  return { kind: 'cluster', access, secure, nodes: nodes.map(({ host, port }) => ({ host, port })) };
}

/** Where an address leads, as `host:port`, several separated by commas. */
export function placeOf(address: RedisAddress): string {
  const places =
    address.kind === 'single' ? [address] : address.kind === 'cluster' ? address.nodes : address.sentinels;
  return places.map(({ host, port }) => `${host}:${port}`).join(', ');
}

function readSingle(text: string): Extract<RedisAddress, { kind: 'single' }> {
  const url = URL.parse(text);
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || !url.hostname) {
    throw new TypeError('urls: expected redis://host:port or rediss://host:port');
  }
  return {
    kind: 'single',
    host: bare(url.hostname),
    port: Number(url.port || REDIS_PORT),
    database: Number(url.pathname.slice(1) || 0),
    access: accessOf(decodeURIComponent(url.username), decodeURIComponent(url.password)),
    secure: url.protocol === 'rediss:',
  };
}

function readSentinels(text: string): Extract<RedisAddress, { kind: 'sentinel' }> | undefined {
  const [, secure, user, hosts = '', name = '', query] = SENTINEL.exec(text) ?? [];
  if (secure === undefined) return undefined;
  const [username = '', ...password] = (user ?? '').split(':');
  const parameters = new URLSearchParams(query);
  const of = (parameter: string): string => parameters.get(parameter) ?? '';
  return {
    kind: 'sentinel',
    name: decodeURIComponent(name),
    sentinels: hosts.split(',').map(readHost),
    access: accessOf(decodeURIComponent(username), decodeURIComponent(password.join(':'))),
    sentinelAccess: accessOf(of('sentinelUsername'), of('sentinelPassword')),
    secure: secure === 's',
  };
}

function readHost(text: string): HostAndPort {
  const url = URL.parse(`redis://${text.trim()}`);
  if (!url?.hostname) throw new TypeError('urls: expected redis+sentinel://host:port,host:port/name');
  return { host: bare(url.hostname), port: Number(url.port || SENTINEL_PORT) };
}

function accessOf(username: string, password: string): RedisAccess {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

/** IPv6 addresses have brackets only in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
