/** Errors by which a server says that it is not what the URL says, with what was expected. Redis' own words. */
const EXPECTATIONS: readonly (readonly [RegExp, string])[] = [
  [/\bWRONGPASS\b|invalid password/, 'a user and password that it accepts'],
  [/\bNOAUTH\b/, 'a user or password, which it asks for'],
  [/\bNOPERM\b/, 'a user who may use every command on the keys of REDIS_KEY_PREFIX'],
  [/DB index is out of range|invalid DB index/, 'a database that it has'],
  [/SELECT is not allowed in cluster mode/, 'no database, since it is a node of a Redis Cluster'],
  [/cluster support disabled/, 'the nodes of a Redis Cluster, since several URLs are given'],
  [/No such master with that name/, 'a name that its sentinels know'],
  [/unknown command '?sentinel/i, 'sentinels at the addresses of redis+sentinel://'],
];

/** What a server was expected to be, when this error of ioredis says that it is otherwise; never the error's own text. */
export function expectationBehind(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : '';
  return EXPECTATIONS.find(([pattern]) => pattern.test(text))?.[1];
}
