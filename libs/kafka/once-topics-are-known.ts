import { setTimeout as pause } from 'node:timers/promises';

/** A broker may hear of a new topic a while after the one that created it. */
const TRIES = 50;
const TRY_AGAIN_MS = 200;

/** Does it again while a broker does not know a topic yet, for ten seconds at most. */
export async function onceTopicsAreKnown<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      const type: unknown = error instanceof Error ? Reflect.get(error, 'type') : undefined;
      if (type !== 'UNKNOWN_TOPIC_OR_PARTITION' || tries === TRIES) throw error;
      await pause(TRY_AGAIN_MS);
    }
  }
}
