import type { Redis } from 'ioredis';
import { commandsOf, DISK_COMMANDS } from './check-permissions.ts';
import {
  checkPermissions,
  inspectServers,
  mastersOf,
  sayingWhatIsExpected,
  type ServerFacts,
} from './check-server.ts';
import { translated, type RedisConnection } from './connect-redis.ts';
import { RedisError } from './redis-error.ts';

/** The facts of a Redis that is fit for use. */
export interface Durability {
  readonly version: string;
  /** Whether it supports `WAITAOF` (since 7.2), to wait until a write is on disk. */
  readonly canAwaitDisk: boolean;
}

/**
 * Refuses a Redis that would lose data by eviction or a restart. Rejects with `REDIS_UNSAFE`, naming each problem; with
 * `REDIS_MISCONFIGURED` for a server of another kind or role than the URL says, or a user without the permissions we need;
 * or with `REDIS_UNAVAILABLE`. Of a cluster every master is checked. INFO shows everything but `appendfsync`, which matters
 * only before 7.2: such a version is refused where CONFIG is forbidden (managed Redis).
 */
export function checkDurability(connection: RedisConnection): Promise<Durability> {
  return sayingWhatIsExpected(connection, async () => {
    const { servers, problems } = await findProblems(connection);
    if (problems.length > 0) {
      const texts = new Set(problems.map(({ text }) => text));
      throw new RedisError(
        'REDIS_UNSAFE',
        `${connection.variable}: the server there would lose what it is given: ${[...texts].join('; ')}`,
      );
    }
    const canAwaitDisk = servers.every(({ version }) => atLeast(version, 7, 2));
    await checkPermissions(connection, [
      ...commandsOf(connection.parts),
      ...(canAwaitDisk ? DISK_COMMANDS : []),
    ]);
    await connection.probe();
    return { version: servers[0]?.version ?? '', canAwaitDisk };
  });
}

/** Looks at the server, or at every master of a cluster, and for what makes it lose data. Rejects as `inspectServers`. */
export async function findProblems(
  connection: RedisConnection,
): Promise<{ readonly servers: readonly ServerFacts[]; readonly problems: readonly UnsafeProblem[] }> {
  const servers = await inspectServers(connection);
  const syncs = await Promise.all(mastersOf(connection).map(readAppendfsync));
  const problems = servers.flatMap((facts, index) => problemsOf({ ...facts, appendfsync: syncs[index] }));
  return { servers, problems };
}

/** How long to wait for a Redis that is not there, in milliseconds; whoever waits for longer looks again. */
const LOOK_MS = 1_000;

/** Looks once whether Redis is there and would forget nothing. Rejects as `checkDurability` does. */
export async function lookForRedis(connection: RedisConnection): Promise<void> {
  await connection.ready(LOOK_MS);
  await checkDurability(connection);
}

/** The settings that determine durability. `appendfsync` is undefined when the server does not show it. */
export interface DiskFacts extends Pick<ServerFacts, 'version' | 'aof' | 'policy'> {
  readonly appendfsync: string | undefined;
}

/** Why a Redis is unsafe. */
export const UNSAFE_CAUSES = ['version', 'aof', 'eviction', 'appendfsync'] as const;
export type UnsafeCause = (typeof UNSAFE_CAUSES)[number];

interface UnsafeProblem {
  readonly cause: UnsafeCause;
  readonly text: string;
}

/** The problems of a server that is to store ledger and settings; empty when there are none. */
export function problemsOf({ version, aof, policy, appendfsync }: DiskFacts): UnsafeProblem[] {
  const problems: UnsafeProblem[] = [];
  const add = (cause: UnsafeCause, text: string): void => void problems.push({ cause, text });
  if (!atLeast(version, 7, 0)) add('version', `redis_version is ${version}, expected 7.0 or later`);
  if (!aof) add('aof', 'appendonly is no, expected yes');
  if (policy !== 'noeviction') add('eviction', `maxmemory-policy is ${policy}, expected noeviction`);
  if (!atLeast(version, 7, 2) && appendfsync !== 'always') {
    const is = appendfsync ?? 'not shown (CONFIG is forbidden)';
    add('appendfsync', `appendfsync is ${is}, expected always before Redis 7.2`);
  }
  return problems;
}

async function readAppendfsync(node: Redis): Promise<string | undefined> {
  try {
    const reply: unknown = await translated('reading CONFIG', () => node.config('GET', 'appendfsync'));
    return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined;
  } catch (error) {
    // A managed Redis forbids CONFIG by NOPERM or "unknown command".
    const cause = error instanceof RedisError ? error.cause : undefined;
    if (cause instanceof Error && cause.name === 'ReplyError') return undefined;
    throw error;
  }
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [ours = 0, second = 0] = version.split('.').map(Number);
  return ours > major || (ours === major && second >= minor);
}
