import type { Environment, Logger } from '#platform';
import {
  connectRedis,
  createHistoryRoom,
  createOutcomeHistory,
  type HistoryRoom,
  type OutcomeHistory,
  type RedisConnection,
} from '#redis';

export interface OpenHistory {
  readonly outcomes: OutcomeHistory;
  readonly room: HistoryRoom;
  /** Resolves when its own Redis, if it has one, is connected; rejects with `REDIS_UNAVAILABLE` after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
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
      onError: (error) =>
        logger.warn({ reason: error.message }, "The connection to the history's Redis failed"),
    });
  const redis = own ?? main;
  const room = createHistoryRoom(redis, {
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
  return {
    outcomes: createOutcomeHistory(redis, { settings: main }),
    room,
    ready: async (timeoutMs) => own?.ready(timeoutMs),
    close: async () => {
      await room.close();
      await own?.close();
    },
  };
}
