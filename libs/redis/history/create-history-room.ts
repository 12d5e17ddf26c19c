import { setTimeout as pause } from 'node:timers/promises';
import pMap from 'p-map';
import { mastersOf } from '../connection/check-server.ts';
import { answered, translated, type RedisConnection } from '../connection/connect-redis.ts';
import { joinCalls } from '../connection/join-calls.ts';
import { afterLook, afterStep, daysToKeep, WITH_ROOM, type Patience } from './give-way.ts';
import { HISTORY } from './history-scripts.ts';
import { memoryShare, type MemoryShare } from './memory-share.ts';

export interface HistoryRoomOptions {
  /** Told when memory has become short, with the part that is used, and when it no longer is. */
  readonly onChange: (isShort: boolean, used: number) => void;
  /** Told when the memory cannot be looked at or nothing be removed, and with `undefined` when both works again. */
  readonly onTrouble: (error: unknown) => void;
  /** Above this part of the memory the history gives way; 0.7 by default. */
  readonly most?: number;
  /** Between two looks; a second by default. */
  readonly everyMs?: number;
  /** 5 seconds and 5 minutes by default. */
  readonly patience?: Patience;
}

/** Whether the history may grow. */
export interface HistoryRoom {
  /**
   * Waits for the first look at the memory. Rejects with the `RedisError` of the last look when it failed: without knowing
   * the memory nothing may be kept.
   */
  hasRoom(): Promise<boolean>;
  /** Resolves when nothing is read or removed any more. */
  close(): Promise<void>;
}

/** Where the ledger is about to be refused, whatever takes the memory. */
const MOST_COUNTED = 0.9;
const PATIENCE: Patience = { firstMs: 5_000, moreMs: 300_000 };
const DAY_S = 86_400;

/**
 * Looks at the memory of the history's Redis. While it is short, `hasRoom` is false and the oldest outcomes go, step by
 * step (`daysToKeep`).
 */
export function createHistoryRoom(redis: RedisConnection, options: HistoryRoomOptions): HistoryRoom {
  const { everyMs = 1_000, patience = PATIENCE } = options;
  const limits = { stored: options.most ?? 0.7, counted: Math.max(options.most ?? 0, MOST_COUNTED) };
  const forget = forgetter(redis);
  const ending = new AbortController();
  let way = WITH_ROOM;
  let unknown: unknown;

  const look = async (): Promise<void> => {
    const shares = await memoryShares(redis).catch((error: unknown) => {
      unknown = error;
      throw error;
    });
    unknown = undefined;
    const after = afterLook(way, shares, limits, Date.now());
    if (after.isShort !== way.isShort)
      options.onChange(after.isShort, Math.max(0, ...shares.map(({ counted }) => counted)));
    way = after;
  };
  const giveWay = async (): Promise<void> => {
    const days = daysToKeep(way, Date.now(), patience);
    if (days !== undefined) way = afterStep(way, await forget(days, ending.signal));
  };
  const reported = reporter(options.onTrouble);
  const looked = Promise.withResolvers<void>();
  const round = () => reported(() => look().finally(looked.resolve).then(giveWay));
  const watching = repeat(round, everyMs, ending.signal);
  return {
    hasRoom: async () => {
      await looked.promise;
      if (unknown !== undefined) throw unknown;
      return !way.isShort;
    },
    close: async () => {
      ending.abort();
      await watching;
    },
  };
}

async function repeat(work: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await work();
    await pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/** Runs what may fail, tells of the first failure, and of the first success after one. */
function reporter(tell: HistoryRoomOptions['onTrouble']): (work: () => Promise<void>) => Promise<void> {
  let isTroubled = false;
  return (work) =>
    work().then(
      () => {
        if (isTroubled) tell(undefined);
        isTroubled = false;
      },
      (error: unknown) => {
        if (!isTroubled) tell(error);
        isTroubled = true;
      },
    );
}

function memoryShares(redis: RedisConnection): Promise<MemoryShare[]> {
  return answered(redis.client, 'reading INFO', async () => {
    const infos = await Promise.all(mastersOf(redis).map((node) => node.info('memory')));
    return infos.map(memoryShare);
  });
}

/** Removes what is older than so many days, of every number and of the index; answers whether there was anything. */
function forgetter(redis: RedisConnection): (days: number, signal: AbortSignal) => Promise<boolean> {
  const { client, keyPrefix } = redis;
  const call = joinCalls(redis, 'removing outcomes', HISTORY);
  const lists = keyPrefix + 'history:';
  const events = keyPrefix + 'history-events:';
  const unlink = (key: string): Promise<number> => translated('removing outcomes', () => client.unlink(key));
  const forgetKey = async (key: string, days: number, oldest: number): Promise<number> => {
    if (days === 0) return unlink(key);
    if (key.startsWith(lists)) return Number(await call('forget', key, [oldest]));
    const day = Number(/\{(\d+)\./.exec(key.slice(events.length))?.[1]);
    return day < Math.floor(oldest / DAY_S) ? unlink(key) : 0;
  };
  return async (days, signal) => {
    const oldest = Math.floor(Date.now() / 1000 - days * DAY_S);
    let hasRemoved = false;
    for (const node of mastersOf(redis)) {
      for await (const keys of node.scanStream({ match: `${keyPrefix}history*`, count: 1_000 })) {
        if (signal.aborted) return hasRemoved;
        const ours = (keys as string[]).filter((key) => key.startsWith(lists) || key.startsWith(events));
        const removed = await pMap(ours, (key) => forgetKey(key, days, oldest), { concurrency: 256 });
        hasRemoved ||= removed.some((count) => count > 0);
      }
    }
    return hasRemoved;
  };
}
