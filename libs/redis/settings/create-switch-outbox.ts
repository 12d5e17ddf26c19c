import {
  isAllTold,
  isDone,
  numberOfPlace,
  touched,
  type SwitchOutbox,
  type SwitchPlace,
  type SwitchState,
} from '#settings';
import { createSwap, untilUndisturbed, type Again, type Swap } from '../connection/compare-and-swap.ts';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { createDueSet, type DueSet } from '../connection/due-set.ts';
import { createKeys } from '../keys.ts';
import { switchStateIn } from './documents.ts';
import { parseOutbox } from './outbox-document.ts';

const DOING = 'telling the switch';

/** How long the numbers of a place go on by what is stored; after that the clock is enough. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** The outbox, and what belongs to its being written and read with the settings. */
export interface StoredOutbox extends SwitchOutbox {
  /** The places that may have something to be told; each is noted before it is written. */
  readonly due: DueSet<SwitchPlace>;
  isTold(place: SwitchPlace): Promise<boolean>;
  /** Tells those who listen that something new is written. */
  announce(places: Iterable<SwitchPlace>): void;
}

/** What the switch has to be told, in Redis, beside the documents of lines and numbers. */
export function createSwitchOutbox(redis: RedisConnection): StoredOutbox {
  const keys = createKeys(redis.keyPrefix);
  const due = createDueSet<SwitchPlace>(
    redis,
    { key: keys.switchDue, doing: DOING },
    { write: String, read: (text) => text as SwitchPlace },
  );
  const get = (key: string): Promise<string | null> =>
    answered(redis.client, DOING, () => redis.client.get(key));
  const swaps = { waiting: createSwap(redis, DOING), told: createSwap(redis, DOING, KEPT_MS) };
  const stateOf = async (place: SwitchPlace): Promise<SwitchState> => {
    const number = numberOfPlace(place);
    const key = place.startsWith('voice-warp:') ? keys.number(number) : keys.line(number);
    return switchStateIn(place, await get(key));
  };
  const change: SwitchOutbox['change'] = (place, step) =>
    untilUndisturbed(DOING, async (): Promise<Awaited<ReturnType<typeof step>>['result'] | Again> => {
      const before = await get(keys.untold(place));
      // Read after it: a state that is newer than the outbox makes the swap fail, an older one would not.
      const { result, outbox } = step(parseOutbox(before, place), await stateOf(place));
      if (!outbox) return result;
      const swap: Swap = isAllTold(outbox) ? swaps.told : swaps.waiting;
      return (await swap(keys.untold(place), before, JSON.stringify(outbox))) ? result : 'again';
    });
  const listeners: ((place: SwitchPlace) => void)[] = [];
  return {
    due,
    change,
    waiting: () => due.some(),
    backlog: () => due.backlog(),
    forget: (place) => forget(due, change, place),
    isTold: async (place) => isAllTold(parseOutbox(await get(keys.untold(place)), place)),
    onNews: (listener) => void listeners.push(listener),
    announce: (places) => {
      for (const place of places) for (const listener of listeners) listener(place);
    },
  };
}

/**
 * A change may be under way that noted the place before its mark was read here, and that writes after the outbox was
 * found empty. So the outbox is written anew: that change, which has read it before it noted the place, finds it written
 * and notes the place again.
 */
async function forget(
  due: DueSet<SwitchPlace>,
  change: SwitchOutbox['change'],
  place: SwitchPlace,
): Promise<void> {
  const mark = await due.markOf(place);
  if (mark === null) return;
  const isOver = await change(place, (outbox) =>
    isDone(outbox) ? { result: true, outbox: touched(outbox, Date.now()) } : { result: false },
  );
  if (isOver) await due.remove(place, mark);
}
