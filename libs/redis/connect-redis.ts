import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { asRedisError, RedisError } from './redis-error.ts';

/** How Redis is reached. */
export interface ConnectRedisOptions {
  /** `redis://` or `rediss://`; several are the nodes of a cluster to begin with. */
  readonly urls: readonly string[];
  /** Put before every key; without braces, which would change the keys' cluster slots. */
  readonly keyPrefix: string;
  /** A command without an answer for this long is `REDIS_UNAVAILABLE`. */
  readonly commandTimeoutMs?: number;
  /** Told of every failed connection, for the log; calls reject on their own. */
  readonly onError?: (error: Error) => void;
}

/** A connection to Redis, from which the stores of this library are made. */
export interface RedisConnection {
  /** For this library only: apps know no ioredis. */
  readonly client: Redis | Cluster;
  readonly keyPrefix: string;
  /** Resolves when Redis answers and takes writes; rejects with `REDIS_UNAVAILABLE` or `REDIS_REFUSES_WRITES`. */
  ping(): Promise<void>;
  /** Resolves when connected for the first time; rejects with `REDIS_UNAVAILABLE` after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  /** How often a connection was lost so far. */
  interruptions(): number;
  /** One more connection of the same kind, for commands that wait longer. */
  duplicate(commandTimeoutMs: number): RedisConnection;
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 500;
const CONNECT_TIMEOUT_MS = 2_000;
/** A socket that brings nothing for this long while answers are owed is dead, whatever TCP believes. */
const SILENCE_MS = 5_000;
const LONGEST_PAUSE_MS = 1_000;
/** How long a socket may take to close before it is destroyed; ioredis waits for it even when there is none left. */
const CLOSING_MS = 100;

/**
 * Opens a connection that reconnects for ever with bounded pauses. Returns at once; while Redis is away every command
 * rejects with `REDIS_UNAVAILABLE` instead of waiting. Commands of one tick travel together. A command whose answer
 * was lost is sent again by ioredis after a reconnection, so every script of this library can run twice.
 * Throws a `TypeError` for URLs or a prefix that cannot be used.
 */
export function connectRedis(options: ConnectRedisOptions): RedisConnection {
  if (/[{}]/.test(options.keyPrefix)) throw new TypeError('keyPrefix: expected no braces');
  const client = openClient(options);
  let lastError: Error | undefined;
  const report = (error: Error): void => {
    lastError = error;
    options.onError?.(error);
  };
  client.on('error', report);
  client.on('node error', report);
  let interruptions = 0;
  for (const event of ['close', '-node']) {
    client.on(event, () => {
      interruptions += 1;
    });
  }
  return {
    client,
    keyPrefix: options.keyPrefix,
    ping: async () => {
      const key = `${options.keyPrefix}probe`;
      await answered(client, 'probing', () => client.set(key, '1', 'EX', 60));
    },
    ready: (timeoutMs) => whenReady(client, timeoutMs, () => lastError),
    interruptions: () => interruptions,
    duplicate: (commandTimeoutMs) => connectRedis({ ...options, commandTimeoutMs }),
    close: () => closeClient(client),
  };
}

/** Runs a command while connected; anything that goes wrong rejects as a `RedisError` that says what was being done. */
export async function answered<T>(
  client: Redis | Cluster,
  doing: string,
  command: () => Promise<T>,
): Promise<T> {
  // A cluster without slots would hold the command until the next try to connect is over.
  if (client.status !== 'ready') {
    throw new RedisError('REDIS_UNAVAILABLE', `${doing}: Redis is not available (${client.status})`);
  }
  return translated(doing, command);
}

/** Runs a command; anything that goes wrong rejects as a `RedisError`. */
export async function translated<T>(doing: string, command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    throw asRedisError(error, doing);
  }
}

function openClient({ urls, commandTimeoutMs = COMMAND_TIMEOUT_MS }: ConnectRedisOptions): Redis | Cluster {
  const pause = (times: number): number => Math.min(50 * 2 ** Math.min(times, 10), LONGEST_PAUSE_MS);
  const shared = {
    commandTimeout: commandTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: Math.max(SILENCE_MS, 2 * commandTimeoutMs),
    disconnectTimeout: CLOSING_MS,
    maxRetriesPerRequest: 1,
  };
  const [first, ...others] = urls.map(readUrl);
  if (!first) throw new TypeError('urls: expected at least one');
  if (others.length === 0) {
    return new Redis({
      ...first,
      ...shared,
      enableOfflineQueue: false,
      enableAutoPipelining: true,
      retryStrategy: pause,
    });
  }
  const { host: _host, port: _port, db: _db, ...access } = first;
  return new Cluster(
    [first, ...others].map(({ host = '', port = 0 }) => ({ host, port })),
    {
      enableOfflineQueue: false,
      enableAutoPipelining: true,
      clusterRetryStrategy: pause,
      maxRedirections: 5,
      slotsRefreshInterval: 5_000,
      redisOptions: { ...shared, ...access },
    },
  );
}

function readUrl(text: string): Pick<RedisOptions, 'host' | 'port' | 'db' | 'username' | 'password' | 'tls'> {
  const url = URL.parse(text);
  if (!url || !['redis:', 'rediss:'].includes(url.protocol) || !url.hostname) {
    throw new TypeError('urls: expected redis://host:port or rediss://host:port');
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

function whenReady(
  client: Redis | Cluster,
  timeoutMs: number,
  lastError: () => Error | undefined,
): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const ready = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      client.off('ready', ready);
      const why = lastError()?.message ?? 'no answer';
      reject(
        new RedisError(
          'REDIS_UNAVAILABLE',
          `connecting: not ready after ${timeoutMs} ms (${why})`,
          lastError(),
        ),
      );
    }, timeoutMs);
    client.once('ready', ready);
  });
}

/** In these states ioredis has no socket, and tells nobody when it gives up. */
const WITHOUT_SOCKET = new Set(['wait', 'reconnecting', 'close', 'end']);

async function closeClient(client: Redis | Cluster): Promise<void> {
  if (WITHOUT_SOCKET.has(client.status)) return client.disconnect();
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
  if (client.status === 'ready') await client.quit().catch(() => client.disconnect());
  else client.disconnect();
  await ended;
}
