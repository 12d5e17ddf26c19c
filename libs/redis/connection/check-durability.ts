import type { Redis } from 'ioredis';
import { DISK_COMMANDS, STORE_COMMANDS } from './check-permissions.ts';
import {
  checkPermissions,
  inspectServers,
  mastersOf,
  sayingWhatIsExpected,
  type ServerFacts,
} from './check-server.ts';
import { translated, type RedisConnection } from './connect-redis.ts';
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
export function checkDurability(connection: RedisConnection): Promise<Durability> {
  return sayingWhatIsExpected(connection, async () => {
    const found = await inspectServers(connection);
    const syncs = await Promise.all(mastersOf(connection).map(readAppendfsync));
    const problems = new Set(
      found.flatMap((facts, index) => problemsOf({ ...facts, appendfsync: syncs[index] })),
    );
    if (problems.size > 0) {
      throw new RedisError(
        'REDIS_UNSAFE',
        `${connection.variable}: the server there would lose what it is given: ${[...problems].join('; ')}`,
      );
    }
    const canAwaitDisk = found.every(({ version }) => atLeast(version, 7, 2));
    await checkPermissions(connection, [...STORE_COMMANDS, ...(canAwaitDisk ? DISK_COMMANDS : [])]);
    await connection.probe();
    return { version: found[0]?.version ?? '', canAwaitDisk };
  });
}

/** What decides whether a server keeps what it is given; `appendfsync` is undefined when it does not tell. */
export interface DiskFacts extends Pick<ServerFacts, 'version' | 'aof' | 'policy'> {
  readonly appendfsync: string | undefined;
}

/** What is wrong with a server as the keeper of the ledger and the settings; empty when nothing is. */
export function problemsOf({ version, aof, policy, appendfsync }: DiskFacts): string[] {
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
