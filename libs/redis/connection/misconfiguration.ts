import { RedisError } from './redis-error.ts';

/** Errors by which a server says that it is not what the URL says, with what was expected. Redis' own words. */
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

/** What a server was expected to be, when this error of ioredis says that it is otherwise; never the error's own text. */
export function expectationBehind(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : '';
  return EXPECTATIONS.find(([pattern]) => pattern.test(text))?.[1];
}

/** A server that is not what the URL in `variable` says, with what was expected of it. */
export function misconfigured(variable: string, expected: string): RedisError {
  return new RedisError(
    'REDIS_MISCONFIGURED',
    `${variable}: the server there does not fit, expected ${expected}`,
  );
}

/** How a URL without `+sentinel` and without a second one was answered: `role` and `redis_mode` of INFO. */
export interface Role {
  readonly role: string;
  readonly mode: string;
}

/** What a single Redis was expected to be, when it says of itself that it is otherwise. */
export function expectationOfSingle({ role, mode }: Role): string | undefined {
  if (mode === 'sentinel') return 'redis+sentinel://…/name, since this is a sentinel';
  if (mode === 'cluster') return 'several nodes separated by commas, since this is a node of a Redis Cluster';
  return role === 'slave' ? 'the master, since this is a replica' : undefined;
}
