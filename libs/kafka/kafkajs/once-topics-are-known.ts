import { setTimeout as pause } from 'node:timers/promises';

/** A broker may hear of a new topic, or that it leads a partition of it, a while after the one that created it. */
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);
const TRIES = 50;
const TRY_AGAIN_MS = 200;

/** Does it again while a broker does not know a topic or its part in it yet, for ten seconds at most. */
export async function onceTopicsAreKnown<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      const type: unknown = error instanceof Error ? Reflect.get(error, 'type') : undefined;
      if (!NOT_YET.has(String(type)) || tries === TRIES) throw error;
      await pause(TRY_AGAIN_MS);
    }
  }
}
