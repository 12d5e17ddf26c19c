import type { Environment, Logger } from '#platform';
import {
  checkHistoryServer,
  connectRedis,
  createHistoryEvictor,
  createOutcomeHistory,
  createReceivedFaxes,
  type HistoryEvictor,
  type HistoryEvictorOptions,
  type OutcomeHistory,
  type ReceivedFaxes,
  type RedisConnection,
} from '#redis';

export interface OpenHistory {
  /** The connection to its Redis: the one of the settings where it has none of its own. */
  readonly redis: RedisConnection;
  readonly outcomes: OutcomeHistory;
  readonly faxes: ReceivedFaxes;
  readonly evictor: HistoryEvictor;
  /**
   * Resolves when its Redis is connected and can keep it; rejects with `REDIS_UNAVAILABLE` after `timeoutMs`, and with
   * `REDIS_MISCONFIGURED` for what only a person can mend.
   */
  check(timeoutMs: number): Promise<void>;
  /** Resolves when outcomes can be kept now; rejects with a `RedisError`. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the history in its own Redis when it has one, else beside the settings and the ledger. */
export function openHistory(
  { HISTORY_REDIS_URL, REDIS_KEY_PREFIX }: Pick<Environment, 'HISTORY_REDIS_URL' | 'REDIS_KEY_PREFIX'>,
  main: RedisConnection,
  logger: Logger,
): OpenHistory {
  const own =
    HISTORY_REDIS_URL &&
    connectRedis({
      urls: HISTORY_REDIS_URL,
      keyPrefix: REDIS_KEY_PREFIX,
      variable: 'HISTORY_REDIS_URL',
      onError: (error) =>
        logger.warn({ reason: error.message }, "The connection to the history's Redis failed"),
    });
  const redis = own ?? main;
  const evictor = createHistoryEvictor(redis, memoryLog(logger));
  return {
    redis,
    outcomes: createOutcomeHistory(redis, { settings: main }),
    faxes: createReceivedFaxes(redis, { settings: main }),
    evictor,
    check: async (timeoutMs) => {
      await redis.ready(timeoutMs);
      await checkHistoryServer(redis);
    },
    probe: async () => {
      await redis.probe();
      await evictor.hasMemory();
    },
    close: async () => {
      await evictor.close();
      await own?.close();
    },
  };
}

/** Logs when the history's memory becomes short, or cannot be checked, and when that is over. */
const memoryLog = (logger: Logger): HistoryEvictorOptions => ({
  onChange: (isShort, used) => {
    const usedPercent = Math.round(used * 100);
    if (isShort)
      logger.warn({ usedPercent }, "Redis' memory is short: the history gives way and keeps no outcomes");
    else logger.info({ usedPercent }, 'Redis has room again: the history keeps outcomes');
  },
  onTrouble: (error) => {
    if (error === undefined) logger.info("The history can look at its Redis' memory again");
    else logger.warn({ err: error }, "The history cannot look at its Redis' memory, and keeps nothing");
  },
});
