import { createPasswordHasher, setTemporaryPassword, type AccessStore, type LineDirectory } from '#access';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createRegistry, programVersion, untilItWorks, type EnvironmentWith, type Logger } from '#platform';
import {
  checkDurability,
  connectRedis,
  createAccessStore,
  createCallStore,
  createSettingsRepository,
  lookForRedis,
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
  const redis = connectRedis({
    urls: environment.REDIS_URL,
    keyPrefix: environment.REDIS_KEY_PREFIX,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
  const durability = (): ReturnType<typeof checkDurability> => checkDurability(redis);
  const repository = createSettingsRepository(redis, durability);
  const store = createAccessStore(redis, durability);
  const app = await createApp({
    parts: {
      ...accessParts(store, repository),
      brands: loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR),
      calls: createCallStore(redis),
      sealKeys: environment.SEAL_KEYS,
      logger,
    },
    tokens: environment.VOICE_TOKENS,
    checks: { redis: () => redis.probe().then(() => undefined) },
    registry: createRegistry({ app: 'voice', version: programVersion() }),
  });
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  const closing = new AbortController();
  checkRedis(redis, logger, closing.signal).catch((error: Error) => closing.signal.aborted || onFatal(error));
  return {
    url: await app.getUrl(),
    close: async () => {
      closing.abort();
      await app.close();
      await store.close();
      await repository.close();
      await redis.close();
    },
  };
}

type AccessParts = Pick<DialogueParts, 'lines' | 'unitOf' | 'setTemporaryPassword'>;

/** What a call reads and sets of a line's logins (A2). */
function accessParts(store: AccessStore, lines: LineDirectory): AccessParts {
  const hasher = createPasswordHasher();
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
