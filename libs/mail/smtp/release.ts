/** Beyond this age what `beforeData` said may have changed: others may hold the mail of a process that was frozen. */
const FRESH_MS = 5_000;

/** `beforeData` of one mail: called once, however many connections the mail needs, and again when it is long ago. */
export interface Release {
  /** Calls it, or gives what the last call gave. */
  begin(): Promise<void>;
  readonly begun: boolean;
  /** Calls it until its answer is fresh: what is done next, in the same tick, is done by whoever may do it. */
  renew(): Promise<void>;
}

/** Wraps `beforeData`; `now` (ms) is a clock that goes on while the process is frozen. */
export function createRelease(
  beforeData: () => Promise<void>,
  now: () => number = () => performance.now(),
): Release {
  let call: Promise<void> | undefined;
  let startedAt = 0;
  const begin = (): Promise<void> => {
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
