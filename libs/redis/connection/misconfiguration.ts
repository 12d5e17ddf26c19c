import { RedisError } from './redis-error.ts';

/** Redis' own errors that show that a server is not what the URL says, with what was expected. */
const EXPECTATIONS: readonly (readonly [RegExp, string])[] = [
  [/\bWRONGPASS\b|invalid password/, 'a user and password that Redis accepts (it answered WRONGPASS)'],
  [/\bNOAUTH\b/, 'a user or password, which Redis asks for (it answered NOAUTH)'],
  [/\bNOPERM\b/, 'a user who may use INFO, EVAL and every command on the keys of REDIS_KEY_PREFIX'],
  [/DB index is out of range|invalid DB index/, 'a database that this Redis has'],
  [/SELECT is not allowed in cluster mode/, 'no database, since this is a node of a Redis Cluster'],
  [/cluster support disabled/, 'the nodes of a Redis Cluster, since several URLs are given'],
  [/No such master with that name/, 'the name of a master that the sentinels know'],
  [/unknown command '?sentinel/i, 'sentinels at the addresses of redis+sentinel://'],
];

/**
 * Returns what was expected of a server, if an error of ioredis shows that it differs. Never contains the error's text.
 */
export function expectationBehind(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : '';
  return EXPECTATIONS.find(([pattern]) => pattern.test(text))?.[1];
}

const TLS_CODE = /CERT|TLS|SSL|SIGNATURE|^EPROTO$/;
const TLS_TEXT = /secure TLS connection/;

/**
 * The error for a server whose certificate Node.js does not trust, or that speaks no TLS; `undefined` for other errors.
 * An outage: the server may have another certificate soon.
 */
export function untrusted(error: Error, where: string): RedisError | undefined {
  const code: unknown = Reflect.get(error, 'code');
  if (!TLS_CODE.test(String(code)) && !TLS_TEXT.test(error.message)) return undefined;
  const expected =
    'expected a certificate of this name, in date, of an authority that Node.js or NODE_EXTRA_CA_CERTS knows';
  return new RedisError('REDIS_UNAVAILABLE', `${where}: TLS failed (${expected}): ${error.message}`, error);
}

/** The error for a server that is not what the URL in `variable` says. */
export function misconfigured(variable: string, expected: string): RedisError {
  return new RedisError(
    'REDIS_MISCONFIGURED',
    `${variable}: the server there does not fit, expected ${expected}`,
  );
}

/** `role` and `redis_mode` of INFO. */
export interface Role {
  readonly role: string;
  readonly mode: string;
}

/** Returns what was expected of a server that should be a single Redis, if its role is another. */
export function expectationOfSingle({ role, mode }: Role): string | undefined {
  if (mode === 'sentinel') return 'redis+sentinel://…/name, since this is a sentinel';
  if (mode === 'cluster') return 'several nodes separated by commas, since this is a node of a Redis Cluster';
  return role === 'slave' ? 'the master, since this is a replica' : undefined;
}
