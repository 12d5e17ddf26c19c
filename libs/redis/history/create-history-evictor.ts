import { setTimeout as pause } from 'node:timers/promises';
import pMap from 'p-map';
import { mastersOf } from '../connection/check-server.ts';
import { answered, translated, type RedisConnection } from '../connection/connect-redis.ts';
import { joinCalls } from '../connection/join-calls.ts';
import {
  afterCheck,
  afterStep,
  daysToKeep,
  memoryShare,
  NOT_SHORT,
  type MemoryShare,
  type Patience,
} from './eviction-steps.ts';
import { HISTORY } from './history-scripts.ts';

export interface HistoryEvictorOptions {
  /** Called when memory becomes short, and when it no longer is, with the fraction in use. */
  readonly onChange: (isShort: boolean, used: number) => void;
  /** Called when checking the memory or removing outcomes fails, and with `undefined` once it works again. */
  readonly onTrouble: (error: unknown) => void;
  /** The fraction of memory above which outcomes are evicted. Default: 0.7. */
  readonly most?: number;
  /** The interval between checks. Default: one second. */
  readonly everyMs?: number;
  /** Default: 5 seconds and 5 minutes. */
  readonly patience?: Patience;
}

/** Keeps the history within the memory limit of its Redis. */
export interface HistoryEvictor {
  /**
   * Whether there is memory for more outcomes. Waits for the first check. Rejects with the `RedisError` of the last check
   * if that failed: nothing may be stored while the memory use is unknown.
   */
  hasMemory(): Promise<boolean>;
  /** Stops checking and evicting. Resolves when both have stopped. */
  close(): Promise<void>;
}

/** Above this, Redis is about to refuse the ledger's writes, whatever takes the memory. */
const MAX_COUNTED = 0.9;
const PATIENCE: Patience = { firstMs: 5_000, moreMs: 300_000 };
const DAY_S = 86_400;

/**
 * Watches the memory of the history's Redis. While it is short, `hasMemory` is false and the oldest outcomes are evicted
 * step by step (`daysToKeep`).
 */
export function createHistoryEvictor(redis: RedisConnection, options: HistoryEvictorOptions): HistoryEvictor {
  const { everyMs = 1_000, patience = PATIENCE } = options;
  const limits = { stored: options.most ?? 0.7, counted: Math.max(options.most ?? 0, MAX_COUNTED) };
  const evict = evictor(redis);
  const ending = new AbortController();
  let eviction = NOT_SHORT;
  let checkError: unknown;

  const check = async (): Promise<void> => {
    const shares = await memoryShares(redis).catch((error: unknown) => {
      checkError = error;
      throw error;
    });
    checkError = undefined;
    const after = afterCheck(eviction, shares, limits, Date.now());
    if (after.isShort !== eviction.isShort)
      options.onChange(after.isShort, Math.max(0, ...shares.map(({ counted }) => counted)));
    eviction = after;
  };
  const evictStep = async (): Promise<void> => {
    const days = daysToKeep(eviction, Date.now(), patience);
    if (days !== undefined) eviction = afterStep(eviction, await evict(days, ending.signal));
  };
  const reported = reporter(options.onTrouble);
  const checked = Promise.withResolvers<void>();
  const round = () => reported(() => check().finally(checked.resolve).then(evictStep));
  const watching = repeat(round, everyMs, ending.signal);
  return {
    hasMemory: async () => {
      await checked.promise;
      if (checkError !== undefined) throw checkError;
      return !eviction.isShort;
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

/** Wraps work that may fail: reports the first failure, and the first success after it. */
function reporter(report: HistoryEvictorOptions['onTrouble']): (work: () => Promise<void>) => Promise<void> {
  let hasFailed = false;
  return (work) =>
    work().then(
      () => {
        if (hasFailed) report(undefined);
        hasFailed = false;
      },
      (error: unknown) => {
        if (!hasFailed) report(error);
        hasFailed = true;
      },
    );
}

function memoryShares(redis: RedisConnection): Promise<MemoryShare[]> {
  return answered(redis.client, 'reading INFO', async () => {
    const infos = await Promise.all(mastersOf(redis).map((node) => node.info('memory')));
    return infos.map(memoryShare);
  });
}

/** Removes what is older than `days` from every number's lists and from the index. Returns whether any was removed. */
function evictor(redis: RedisConnection): (days: number, signal: AbortSignal) => Promise<boolean> {
  const { client, keyPrefix } = redis;
  const call = joinCalls(redis, 'removing outcomes', HISTORY);
  const lists = ['history:', 'history-faxes:'].map((name) => keyPrefix + name);
  const events = keyPrefix + 'history-events:';
  const isList = (key: string): boolean => lists.some((list) => key.startsWith(list));
  const unlink = (key: string): Promise<number> => translated('removing outcomes', () => client.unlink(key));
  const evictKey = async (key: string, days: number, oldest: number): Promise<number> => {
    if (days === 0) return unlink(key);
    if (isList(key)) return Number(await call('forget', key, [oldest]));
    const day = Number(/\{(\d+)\./.exec(key.slice(events.length))?.[1]);
    return day < Math.floor(oldest / DAY_S) ? unlink(key) : 0;
  };
  return async (days, signal) => {
    const oldest = Math.floor(Date.now() / 1000 - days * DAY_S);
    let hasRemoved = false;
    for (const node of mastersOf(redis)) {
      for await (const keys of node.scanStream({ match: `${keyPrefix}history*`, count: 1_000 })) {
        if (signal.aborted) return hasRemoved;
        const ours = (keys as string[]).filter((key) => isList(key) || key.startsWith(events));
        const removed = await pMap(ours, (key) => evictKey(key, days, oldest), { concurrency: 256 });
        hasRemoved ||= removed.some((count) => count > 0);
      }
    }
    return hasRemoved;
  };
}
