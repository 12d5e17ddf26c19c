import { Cluster, type Redis } from 'ioredis';
import { COMMON_COMMANDS, forbiddenCommands, HISTORY_COMMANDS } from './check-permissions.ts';
import { translated, type RedisConnection } from './connect-redis.ts';
import { expectationBehind, expectationOfSingle, misconfigured, type Role } from './misconfiguration.ts';
import { RedisError } from './redis-error.ts';

/** What a server reports about itself. */
export interface ServerFacts extends Role {
  readonly version: string;
  readonly aof: boolean;
  readonly policy: string;
  /** The used part of `maxmemory`; 0 without one. */
  readonly memoryUsed: number;
}

/**
 * Inspects the server, or every master of a cluster. Rejects with `REDIS_MISCONFIGURED` for one of another kind or role than
 * the URL says.
 */
export async function inspectServers(connection: RedisConnection): Promise<ServerFacts[]> {
  const facts = await Promise.all(mastersOf(connection).map(inspect));
  for (const one of facts) {
    const expected = isSingle(connection) ? expectationOfSingle(one) : undefined;
    if (expected !== undefined) throw misconfigured(connection.variable, expected);
  }
  return facts;
}

/** Rejects with `REDIS_MISCONFIGURED`, naming the commands, when the user may not run some of them under our prefix. */
export async function checkPermissions(
  connection: RedisConnection,
  commands: readonly string[],
): Promise<void> {
  const { keyPrefix, variable } = connection;
  const all = [...commands, ...COMMON_COMMANDS];
  const found = await Promise.all(
    mastersOf(connection).map((node) => forbiddenCommands(node, keyPrefix, all)),
  );
  const forbidden = [...new Set(found.flat())];
  if (forbidden.length === 0) return;
  throw misconfigured(
    variable,
    `a user who may use ${forbidden.join(', ')}, on the keys of REDIS_KEY_PREFIX`,
  );
}

/**
 * Refuses a Redis that cannot store the history. Rejects with `REDIS_MISCONFIGURED` for a server of another kind or role than
 * the URL says, or a user without the permissions that the history needs; with `REDIS_UNAVAILABLE` or
 * `REDIS_REFUSES_WRITES` when it takes no writes now. Unlike the ledger's, it may be volatile and may evict.
 */
export function checkHistoryServer(connection: RedisConnection): Promise<void> {
  return sayingWhatIsExpected(connection, async () => {
    await inspectServers(connection);
    await checkPermissions(connection, HISTORY_COMMANDS);
    await connection.probe();
  });
}

/** Runs a check. If an error shows that the server is not what its URL says, rejects with what was expected. */
export async function sayingWhatIsExpected<T>(
  { variable }: RedisConnection,
  check: () => Promise<T>,
): Promise<T> {
  try {
    return await check();
  } catch (error) {
    const expected = error instanceof RedisError ? expectationBehind(error.cause) : undefined;
    throw expected === undefined ? error : misconfigured(variable, expected);
  }
}

/** The server, or every master of a cluster. */
export const mastersOf = ({ client }: RedisConnection): Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];

/** Whether the URL names one server, and neither sentinels nor a cluster. */
function isSingle({ client }: RedisConnection): boolean {
  return !(client instanceof Cluster) && !client.options.sentinels;
}

async function inspect(node: Redis): Promise<ServerFacts> {
  const info = await translated('reading INFO', () => node.info());
  const field = (name: string): string =>
    new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? 'unknown';
  const bytes = (name: string): number => Number(field(name)) || 0;
  return {
    role: field('role'),
    mode: field('redis_mode'),
    version: field('redis_version'),
    aof: field('aof_enabled') === '1',
    policy: field('maxmemory_policy'),
    memoryUsed: bytes('maxmemory') > 0 ? bytes('used_memory') / bytes('maxmemory') : 0,
  };
}
