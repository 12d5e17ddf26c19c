import type { BeforeData } from './mail-sender.ts';

/** Beyond this age what `beforeData` said may have changed: others may hold the mail of a process that was frozen. */
const FRESH_MS = 5_000;

/**
 * `beforeData` of one mail: called once, however many connections the mail needs, and again when it is long ago or asks
 * for that.
 */
export interface Release {
  /** Calls it, or gives what the last call gave. */
  readonly begin: BeforeData;
  readonly begun: boolean;
  /** Calls it until its answer is fresh: what is done next, in the same tick, is done by whoever may do it. */
  renew(): Promise<void>;
}

/** Wraps `beforeData`; `now` (ms) is a clock that goes on while the process is frozen. */
export function createRelease(beforeData: BeforeData, now: () => number = () => performance.now()): Release {
  let call: ReturnType<BeforeData> | undefined;
  let startedAt = 0;
  const begin: BeforeData = () => {
    if (!call) {
      startedAt = now();
      call = beforeData();
    }
    return call;
  };
  const isFresh = (): boolean => now() - startedAt < FRESH_MS;
  return {
    begin,
    renew: async () => {
      if ((await call?.catch(() => undefined)) === 'ask-again') call = undefined;
      for (;;) {
        if (!isFresh()) call = undefined;
        await begin();
        if (isFresh()) return;
      }
    },
    get begun() {
      return call !== undefined;
    },
  };
}
