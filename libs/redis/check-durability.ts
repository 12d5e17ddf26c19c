import { Cluster, type Redis } from 'ioredis';
import { checkPermissions } from './check-permissions.ts';
import { translated, type RedisConnection } from './connect-redis.ts';
import { expectationBehind, expectationOfSingle, misconfigured, type Role } from './misconfiguration.ts';
import { RedisError } from './redis-error.ts';

/** What was found of a Redis that may be used. */
export interface Durability {
  readonly version: string;
  /** Whether it can be asked to say when a write is on disk (`WAITAOF`, since 7.2). */
  readonly canAwaitDisk: boolean;
}

/**
 * Refuses a Redis that would evict or forget: rejects with `REDIS_UNSAFE`, naming each thing that is wrong; with
 * `REDIS_MISCONFIGURED` for a server of another kind or role than the URL says, or a user who may not do what we do; or
 * with `REDIS_UNAVAILABLE`. INFO tells all but `appendfsync`, so where CONFIG is forbidden (managed Redis) only a version
 * before 7.2 is refused for not showing it; of a cluster every master is asked.
 */
export async function checkDurability(connection: RedisConnection): Promise<Durability> {
  try {
    return await check(connection);
  } catch (error) {
    const expected = error instanceof RedisError ? expectationBehind(error.cause) : undefined;
    throw expected === undefined ? error : misconfigured(expected);
  }
}

async function check(connection: RedisConnection): Promise<Durability> {
  const { client, keyPrefix } = connection;
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  const found = await Promise.all(nodes.map(inspect));
  for (const facts of found) {
    const expected = isSingle(client) ? expectationOfSingle(facts) : undefined;
    if (expected !== undefined) throw misconfigured(expected);
  }
  const problems = [...new Set(found.flatMap(problemsOf))];
  if (problems.length > 0) {
    throw new RedisError(
      'REDIS_UNSAFE',
      `REDIS_URL: the server there would lose what it is given: ${problems.join('; ')}`,
    );
  }
  await Promise.all(nodes.map((node) => checkPermissions(node, keyPrefix)));
  await connection.probe();
  return {
    version: found[0]?.version ?? '',
    canAwaitDisk: found.every(({ version }) => atLeast(version, 7, 2)),
  };
}

/** Whether one server was named, and neither sentinels nor a cluster lead to it. */
function isSingle(client: RedisConnection['client']): boolean {
  return !(client instanceof Cluster) && !client.options.sentinels;
}

/** What a server says of itself; `appendfsync` is undefined when it does not tell. */
export interface ServerFacts {
  readonly version: string;
  readonly aof: boolean;
  readonly policy: string;
  readonly appendfsync: string | undefined;
}

/** What is wrong with a server as the keeper of the ledger and the settings; empty when nothing is. */
export function problemsOf({ version, aof, policy, appendfsync }: ServerFacts): string[] {
  const problems: string[] = [];
  if (!atLeast(version, 7, 0)) problems.push(`redis_version is ${version}, expected 7.0 or later`);
  if (!aof) problems.push('appendonly is no, expected yes');
  if (policy !== 'noeviction') problems.push(`maxmemory-policy is ${policy}, expected noeviction`);
  if (!atLeast(version, 7, 2) && appendfsync !== 'always') {
    const is = appendfsync ?? 'not shown (CONFIG is forbidden)';
    problems.push(`appendfsync is ${is}, expected always before Redis 7.2`);
  }
  return problems;
}

async function inspect(node: Redis): Promise<ServerFacts & Role> {
  const info = await translated('reading INFO', () => node.info());
  const field = (name: string): string =>
    new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? 'unknown';
  return {
    role: field('role'),
    mode: field('redis_mode'),
    version: field('redis_version'),
    aof: field('aof_enabled') === '1',
    policy: field('maxmemory_policy'),
    appendfsync: await readAppendfsync(node),
  };
}

async function readAppendfsync(node: Redis): Promise<string | undefined> {
  try {
    const reply: unknown = await translated('reading CONFIG', () => node.config('GET', 'appendfsync'));
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
  } catch (error) {
    // NOPERM and "unknown command" are how a managed Redis forbids CONFIG.
    const cause = error instanceof RedisError ? error.cause : undefined;
    if (cause instanceof Error && cause.name === 'ReplyError') return undefined;
    throw error;
  }
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [ours = 0, second = 0] = version.split('.').map(Number);
  return ours > major || (ours === major && second >= minor);
}
