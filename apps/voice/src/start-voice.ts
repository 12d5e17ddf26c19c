import {
  collectHasherLoad,
  createPasswordHasher,
  setTemporaryPassword,
  type AccessStore,
  type LineDirectory,
  type PasswordHasher,
} from '#access';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createRegistry, programVersion, untilItWorks, type EnvironmentWith, type Logger } from '#platform';
import {
  collectRedisMetrics,
  connectRedis,
  createAccessStore,
  createCallStore,
  createSettingsRepository,
  lookForRedis,
  PARTS_OF,
  type RedisConnection,
} from '#redis';
import { createApp } from './create-app.ts';
import type { DialogueParts } from './phone-dialogue.ts';

/** The variables that the telephone dialogue requires, besides those with defaults. */
export const REQUIRED = ['REDIS_URL', 'SEAL_KEYS', 'VOICE_TOKENS'] as const;
export type VoiceEnvironment = EnvironmentWith<(typeof REQUIRED)[number]>;

/** A running telephone dialogue. */
export interface Voice {
  readonly url: string;
  /** Answers what was asked, then closes the connection. */
  close(): Promise<void>;
}

/**
 * Starts the telephone dialogue, also while Redis is away: callers are then told so. Rejects with brands that cannot be
 * read. `onFatal` is called for a Redis that would forget or is not what its URL says: the process has to end.
 */
export async function startVoice(
  environment: VoiceEnvironment,
  logger: Logger,
  onFatal: (error: Error) => void,
): Promise<Voice> {
  const redis = openRedis(environment, logger);
  const repository = createSettingsRepository(redis);
  const store = createAccessStore(redis);
  const registry = createRegistry({ app: 'voice', version: programVersion() });
  const hasher = createPasswordHasher();
  collectRedisMetrics(registry, redis);
  collectHasherLoad(registry, hasher);
  const app = await createApp({
    parts: {
      ...accessParts(store, repository, hasher),
      brands: loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR),
      calls: createCallStore(redis),
      sealKeys: environment.SEAL_KEYS,
      logger,
    },
    tokens: environment.VOICE_TOKENS,
    checks: { redis: () => redis.probe().then(() => undefined) },
    registry,
  });
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  const closing = new AbortController();
  checkRedis(redis, logger, closing.signal).catch((error: Error) => closing.signal.aborted || onFatal(error));
  return {
    url: await app.getUrl(),
    close: async () => {
      closing.abort();
      await app.close();
      for (const open of [store, repository, redis]) await open.close();
    },
  };
}

function openRedis({ REDIS_URL, REDIS_KEY_PREFIX }: VoiceEnvironment, logger: Logger): RedisConnection {
  return connectRedis({
    urls: REDIS_URL,
    keyPrefix: REDIS_KEY_PREFIX,
    parts: PARTS_OF.voice,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
}

type AccessParts = Pick<DialogueParts, 'lines' | 'unitOf' | 'setTemporaryPassword'>;

/** What a call reads and sets of a line's logins (A2). */
function accessParts(store: AccessStore, lines: LineDirectory, hasher: PasswordHasher): AccessParts {
  return {
    lines,
    unitOf: async (lineNumber) => (await store.read(`line:${lineNumber}`, [])).unit,
    setTemporaryPassword: (line, { number, unit, password, caller }) =>
      setTemporaryPassword({ store, hasher, now: Date.now }, line, { number, unit, password, caller }),
  };
}

/** Resolves when Redis was there and would forget nothing; rejects when it would. */
async function checkRedis(redis: RedisConnection, logger: Logger, signal: AbortSignal): Promise<void> {
  const onFailure = ({ message }: Error): void => logger.info({ reason: message }, 'Waiting for Redis');
  await untilItWorks(() => lookForRedis(redis), { signal, onFailure });
}
