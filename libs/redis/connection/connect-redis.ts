import { Cluster, Redis } from 'ioredis';
import { expectationBehind, misconfigured, untrusted } from './misconfiguration.ts';
import { openClient } from './open-client.ts';
import { probeCluster, probeMaster } from './probe.ts';
import { placeOf, readRedisAddress } from './redis-address.ts';
import { asRedisError, RedisError } from './redis-error.ts';
import { ALL_PARTS, type RedisPart } from './redis-parts.ts';

/** How to reach Redis. */
export interface ConnectRedisOptions {
  /** One `redis://` or `rediss://`, several of them for the seed nodes of a cluster, or one `redis+sentinel://`. */
  readonly urls: readonly string[];
  /** The prefix of every key. No braces: they would change the keys' cluster slots. */
  readonly keyPrefix: string;
  /** The variable that the URLs come from, for error messages. Default: `REDIS_URL`. */
  readonly variable?: string;
  /** What of this library the connection is for: its user needs rights for no more. Default: everything. */
  readonly parts?: readonly RedisPart[];
  /** A command without a reply for this long rejects with `REDIS_UNAVAILABLE`. */
  readonly commandTimeoutMs?: number;
  /** Called for every failed connection, for the log. Calls reject independently of it. */
  readonly onError?: (error: Error) => void;
}

/** A connection to Redis, from which the stores of this library are made. */
export interface RedisConnection {
  /** For this library only: apps know no ioredis. */
  readonly client: Redis | Cluster;
  readonly keyPrefix: string;
  /** The variable that the URLs come from. */
  readonly variable: string;
  /** What it is for. */
  readonly parts: readonly RedisPart[];
  /** Resolves when Redis, or every master of a cluster, takes a write; rejects with `REDIS_UNAVAILABLE` or `REDIS_REFUSES_WRITES`. */
  probe(): Promise<void>;
  /**
   * Resolves once connected. Rejects with `REDIS_UNAVAILABLE` after `timeoutMs`, and with `REDIS_MISCONFIGURED` as soon as
   * a server turns out not to be what the URL says.
   */
  ready(timeoutMs: number): Promise<void>;
  /** The number of connections lost so far. */
  interruptions(): number;
  /** Opens another connection of the same kind, for commands that wait longer. */
  duplicate(commandTimeoutMs: number): RedisConnection;
  close(): Promise<void>;
}

const COMMAND_TIMEOUT_MS = 500;

/**
 * Opens a connection that reconnects forever with bounded pauses. Returns at once. During an outage every command rejects
 * with `REDIS_UNAVAILABLE` instead of waiting. Commands of one tick are pipelined, except in a cluster. ioredis resends a
 * command whose reply was lost after it has reconnected, so every script of this library must be safe to run twice. Throws
 * a `TypeError` for invalid URLs or an invalid prefix.
 */
export function connectRedis(options: ConnectRedisOptions): RedisConnection {
  if (/[{}]/.test(options.keyPrefix)) throw new TypeError('keyPrefix: expected no braces');
  const { variable = 'REDIS_URL' } = options;
  const address = readRedisAddress(options.urls);
  const client = openClient(address, options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS);
  let lastError: Error | undefined;
  const report = (error: Error, node = placeOf(address)): void => {
    lastError = untrusted(error, `${variable}: Redis at ${node}`) ?? error;
    // ioredis would carry on in database 0, which belongs to another application.
    if (isRefusedDatabase(error)) client.disconnect(true);
    options.onError?.(lastError);
  };
  client.on('error', (error: Error) => report(error));
  client.on('node error', report);
  client.on('ready', () => {
    lastError = undefined;
  });
  const interruptions = countInterruptions(client);
  return {
    client,
    keyPrefix: options.keyPrefix,
    variable,
    parts: options.parts ?? ALL_PARTS,
    probe: async () => {
      if (client.status !== 'ready' && lastError instanceof RedisError) throw lastError;
      await answered(client, 'probing', () =>
        client instanceof Cluster
          ? probeCluster(client, options.keyPrefix)
          : probeMaster(client, options.keyPrefix),
      );
    },
    ready: (timeoutMs) => whenReady(client, timeoutMs, { variable, lastError: () => lastError }),
    interruptions,
    duplicate: (commandTimeoutMs) => connectRedis({ ...options, commandTimeoutMs }),
    close: () => closeClient(client),
  };
}

function countInterruptions(client: Redis | Cluster): () => number {
  let interruptions = 0;
  for (const event of ['close', '-node']) {
    client.on(event, () => {
      interruptions += 1;
    });
  }
  return () => interruptions;
}

/** Runs a command if connected. Rejects with a `RedisError` whose message names what was being done. */
export async function answered<T>(
  client: Redis | Cluster,
  doing: string,
  command: () => Promise<T>,
): Promise<T> {
  // A cluster client without slots would hold the command until its next attempt to connect is over.
  if (client.status !== 'ready') {
    throw new RedisError('REDIS_UNAVAILABLE', `${doing}: Redis is not available (${client.status})`);
  }
  return translated(doing, command);
}

/** Runs a command. Rejects with a `RedisError`. */
export async function translated<T>(doing: string, command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    throw asRedisError(error, doing);
  }
}

function isRefusedDatabase(error: Error): boolean {
  const { command } = error as Error & { readonly command?: { readonly name?: string } };
  return command?.name === 'select';
}

function whenReady(
  client: Redis | Cluster,
  timeoutMs: number,
  { variable, lastError }: { readonly variable: string; readonly lastError: () => Error | undefined },
): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = (error: Error | undefined): void => {
    const expected = expectationBehind(error);
    if (expected !== undefined) reject(misconfigured(variable, expected));
  };
  const timer = setTimeout(() => {
    const why = lastError()?.message ?? 'no answer';
    const what = `connecting: not ready after ${timeoutMs} ms (${why})`;
    reject(new RedisError('REDIS_UNAVAILABLE', what, lastError()));
  }, timeoutMs);
  const listeners = { ready: resolve, error: refuse, 'node error': refuse };
  for (const [event, listener] of Object.entries(listeners)) client.on(event, listener);
  refuse(lastError());
  return promise.finally(() => {
    clearTimeout(timer);
    for (const [event, listener] of Object.entries(listeners)) client.off(event, listener);
  });
}

/** In these states ioredis has no socket and emits no `end` when it is closed. */
const WITHOUT_SOCKET = new Set(['wait', 'reconnecting', 'close', 'end']);

async function closeClient(client: Redis | Cluster): Promise<void> {
  if (WITHOUT_SOCKET.has(client.status)) return client.disconnect();
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
  if (client.status === 'ready') await client.quit().catch(() => client.disconnect());
  else client.disconnect();
  // QUIT would leave the connections to the sentinels open.
  if (client instanceof Redis && client.options.sentinels) client.disconnect();
  await ended;
}
