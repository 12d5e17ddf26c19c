import { setTimeout as pause } from 'node:timers/promises';
import pMap from 'p-map';
import type { Redis } from 'ioredis';
import { translated, type RedisConnection } from '../connect-redis.ts';
import { joinCalls } from '../join-calls.ts';
import { HISTORY } from './history-scripts.ts';
import { memoryShare } from './memory-share.ts';

export interface HistoryRoomOptions {
  /** Told when memory has become short, with the part that is used, and when it no longer is. */
  readonly onChange: (isShort: boolean, used: number) => void;
  /** Told when Redis cannot be asked; it is asked again. */
  readonly onError: (error: unknown) => void;
  /** Above this part of the memory the history gives way; 0.7 by default. */
  readonly most?: number;
  /** Between two looks; a second by default. */
  readonly everyMs?: number;
}

/** Whether the history may grow. */
export interface HistoryRoom {
  /** Waits for the first look at the memory. */
  hasRoom(): Promise<boolean>;
  /** Resolves when nothing is read or removed any more. */
  close(): Promise<void>;
}

/** It may grow again when so much of the limit is free again: it must not stop and go with every mail. */
const BACK = 0.95;
const DAY_S = 86_400;
/** What is kept at each look while memory stays short, in days. */
const LESS = [15, 7, 3, 1, 0.25, 0] as const;

/**
 * Looks at the memory of the history's Redis. While it is short, `hasRoom` is false and the oldest outcomes go, more with
 * each look. A Redis that evicts by itself has room always.
 */
export function createHistoryRoom(redis: RedisConnection, options: HistoryRoomOptions): HistoryRoom {
  const { onChange, onError, most = 0.7, everyMs = 1_000 } = options;
  const forget = forgetter(redis);
  const ending = new AbortController();
  let isShort = false;
  let step = 0;

  const look = async (): Promise<void> => {
    const used = await usedMemory(redis);
    const short = used > (isShort ? most * BACK : most);
    if (short !== isShort) onChange(short, used);
    isShort = short;
    if (!isShort) step = 0;
  };
  const giveWay = async (): Promise<void> => {
    const days = isShort ? LESS[step] : undefined;
    if (days === undefined) return;
    await forget(days, ending.signal);
    step += 1;
  };
  const first = look().catch(onError);
  const watching = (async () => {
    await first;
    while (!ending.signal.aborted) {
      await giveWay().catch(onError);
      await pause(everyMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
      if (!ending.signal.aborted) await look().catch(onError);
    }
  })();
  return {
    hasRoom: async () => {
      await first;
      return !isShort;
    },
    close: async () => {
      ending.abort();
      await watching;
    },
  };
}

const mastersOf = ({ client }: RedisConnection): Redis[] =>
  'nodes' in client ? client.nodes('master') : [client];

/** The largest part of its memory that a server uses of those that do not evict. */
async function usedMemory(redis: RedisConnection): Promise<number> {
  const shares = await Promise.all(
    mastersOf(redis).map((node) => translated('reading INFO', () => node.info('memory'))),
  );
  return Math.max(0, ...shares.map(memoryShare).map(({ used, evicts }) => (evicts ? 0 : used)));
}

/** Removes what is older than so many days, of every number and of the index. */
function forgetter(redis: RedisConnection): (days: number, signal: AbortSignal) => Promise<void> {
  const { client, keyPrefix } = redis;
  const call = joinCalls(redis, 'removing outcomes', HISTORY);
  const lists = keyPrefix + 'history:';
  const events = keyPrefix + 'history-events:';
  const forgetKey = async (key: string, days: number, oldest: number): Promise<void> => {
    if (days === 0) await translated('removing outcomes', () => client.unlink(key));
    else if (key.startsWith(lists)) await call('forget', key, [oldest]);
    else if (Number(/\{(\d+)\./.exec(key.slice(events.length))?.[1]) < Math.floor(oldest / DAY_S))
      await translated('removing outcomes', () => client.unlink(key));
  };
  return async (days, signal) => {
    const oldest = Math.floor(Date.now() / 1000 - days * DAY_S);
    for (const node of mastersOf(redis)) {
      for await (const keys of node.scanStream({ match: `${keyPrefix}history*`, count: 1_000 })) {
        if (signal.aborted) return;
        const ours = (keys as string[]).filter((key) => key.startsWith(lists) || key.startsWith(events));
        await pMap(ours, (key) => forgetKey(key, days, oldest), { concurrency: 256 });
      }
    }
  };
}
