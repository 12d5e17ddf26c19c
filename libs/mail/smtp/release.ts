/** `beforeData` of one mail: called once, however many connections the mail needs. */
export interface Release {
  /** Calls it, or gives what the first call gave. */
  begin(): Promise<void>;
  readonly begun: boolean;
  /** Since the first call; 0 before it. */
  elapsedMs(): number;
}

/** Wraps `beforeData`; its time is measured by a clock that goes on while the process is frozen. */
export function createRelease(beforeData: () => Promise<void>): Release {
  let call: Promise<void> | undefined;
  let startedAt = 0;
  return {
    begin: () => {
      if (!call) {
        startedAt = performance.now();
        call = beforeData();
      }
      return call;
    },
    get begun() {
      return call !== undefined;
    },
    elapsedMs: () => (call ? performance.now() - startedAt : 0),
  };
}
