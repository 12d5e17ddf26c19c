import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-address.ts';

const CONNECT_TIMEOUT_MS = 2_000;
/** A socket that brings nothing for this long while answers are owed is dead, whatever TCP believes. */
const SILENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 1_000;
const SLOTS_REFRESH_MS = 5_000;
/** How long a socket may take to close before it is destroyed; ioredis waits for it even when there is none left. */
const CLOSING_MS = 100;

/**
 * First words of an answer by a server that does not take our writes but keeps the connection: a demoted master, a
 * replica that loads its master's data or has lost it. A cluster that is not whole answers CLUSTERDOWN, which is for the
 * client of all nodes: it asks for the slots again.
 */
const CANNOT_SERVE = /^(READONLY|LOADING|MASTERDOWN)\b/;

/**
 * An ioredis client that reconnects for ever with bounded pauses, also when the server at the other end does not take
 * writes any more: a new connection leads to the master by its name, by the sentinels, or by the cluster's slots.
 */
export function openClient(address: RedisAddress, commandTimeoutMs: number): Redis | Cluster {
  const shared = sharedOptions(address, commandTimeoutMs);
  if (address.kind === 'cluster') return openCluster(address, shared);
  const single = {
    ...shared,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    retryStrategy: pause,
  } satisfies RedisOptions;
  if (address.kind === 'single') {
    const { host, port, database } = address;
    return new Redis({ ...single, host, port, db: database });
  }
  const { username, password } = address.sentinelAccess;
  return new Redis({
    ...single,
    sentinels: [...address.sentinels],
    name: address.name,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(address.secure ? { sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
    sentinelRetryStrategy: pause,
    sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
    // A master that was cut off from its sentinels goes on taking writes that it will forget.
    failoverDetector: true,
  });
}

function sharedOptions(address: RedisAddress, commandTimeoutMs: number) {
  return {
    ...address.access,
    ...(address.secure ? { tls: {} } : {}),
    commandTimeout: commandTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: Math.max(SILENCE_MS, 2 * commandTimeoutMs),
    disconnectTimeout: CLOSING_MS,
    maxRetriesPerRequest: 1,
    // Redis tells a remaining time of its own, of which ioredis would wait 10 s.
    maxLoadingRetryTime: LONGEST_PAUSE_MS,
    reconnectOnError: cannotServe,
  } satisfies RedisOptions;
}

function openCluster(
  { nodes }: Extract<RedisAddress, { kind: 'cluster' }>,
  shared: ReturnType<typeof sharedOptions>,
): Cluster {
  const cluster = new Cluster([...nodes], {
    enableOfflineQueue: false,
    // Of a pipeline that met an ASK, ioredis asks the other node for everything anew, also for what the first one has and
    // the other not yet: a number whose slot is on its way would be unknown. A single command is redirected rightly.
    enableAutoPipelining: false,
    clusterRetryStrategy: pause,
    maxRedirections: 5,
    redisOptions: shared,
  });
  // ioredis' own timer starts again when the client is closed during a refresh, and goes on for ever.
  const refreshing = setInterval(() => {
    if (cluster.status === 'ready') cluster.refreshSlotsCache();
  }, SLOTS_REFRESH_MS).unref();
  cluster.once('end', () => clearInterval(refreshing));
  return cluster;
}

/** The same for an error that is a part of an answer, as a script's can be: ioredis sees only those that are all of it. */
export function reconnectIfUseless(client: Redis | Cluster, error: Error): void {
  if (client instanceof Redis && client.status === 'ready' && cannotServe(error)) client.disconnect(true);
}

function cannotServe(error: Error): boolean {
  return CANNOT_SERVE.test(error.message);
}

function pause(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 10), LONGEST_PAUSE_MS);
}
