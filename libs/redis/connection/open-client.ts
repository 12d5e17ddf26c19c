import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from './redis-address.ts';

const CONNECT_TIMEOUT_MS = 2_000;
/** A socket that delivers nothing for this long while replies are pending is dead, whatever TCP believes. */
const SILENCE_MS = 5_000;
const MAX_PAUSE_MS = 1_000;
const SLOTS_REFRESH_MS = 5_000;
/** How long a socket may take to close before it is destroyed. ioredis waits this long even without a socket. */
const CLOSING_MS = 100;

/**
 * Error codes of a server that takes no writes from us but keeps the connection: a demoted master, or a replica that is
 * loading or has lost its master. CLUSTERDOWN is not among them: the cluster client handles it by refreshing the slots.
 */
const CANNOT_SERVE = /^(READONLY|LOADING|MASTERDOWN)\b/;

/**
 * Opens an ioredis client that reconnects forever with bounded pauses, also when the server stops taking writes: a new
 * connection finds the master by its host name, the sentinels or the cluster's slots.
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
    // A master cut off from its sentinels keeps taking writes that will be lost.
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
    // A loading Redis reports the estimated time left, of which ioredis would wait up to 10 s.
    maxLoadingRetryTime: MAX_PAUSE_MS,
    reconnectOnError: cannotServe,
  } satisfies RedisOptions;
}

function openCluster(
  { nodes }: Extract<RedisAddress, { kind: 'cluster' }>,
  shared: ReturnType<typeof sharedOptions>,
): Cluster {
  const cluster = new Cluster([...nodes], {
    enableOfflineQueue: false,
    // After an ASK, ioredis repeats a whole pipeline on the other node, even for keys that have not moved yet: a number
    // whose slot is migrating would seem unknown. Single commands are redirected correctly.
    enableAutoPipelining: false,
    clusterRetryStrategy: pause,
    maxRedirections: 5,
    redisOptions: shared,
  });
  // ioredis' own timer restarts when the client is closed during a refresh, and then never stops.
  const refreshing = setInterval(() => {
    if (cluster.status === 'ready') cluster.refreshSlotsCache();
  }, SLOTS_REFRESH_MS).unref();
  cluster.once('end', () => clearInterval(refreshing));
  return cluster;
}

/** Reconnects for an error inside a reply, such as a script's. ioredis sees only errors that are the whole reply. */
export function reconnectIfUseless(client: Redis | Cluster, error: Error): void {
  if (client instanceof Redis && client.status === 'ready' && cannotServe(error)) client.disconnect(true);
}

function cannotServe(error: Error): boolean {
  return CANNOT_SERVE.test(error.message);
}

function pause(times: number): number {
  return Math.min(50 * 2 ** Math.min(times, 10), MAX_PAUSE_MS);
}
