import type { BeforeData } from './mail-sender.ts';

/** An older permit may be void: if the process was frozen, another one may have taken over the mail. */
const FRESH_MS = 5_000;

/**
 * The permit to send one message, as `beforeData` grants it. It is requested once, however many connections the mail
 * needs, and again when it has aged or was granted as `'ask-again'`.
 */
export interface SendPermit {
  /** Requests the permit, or returns the pending or last result. */
  readonly request: BeforeData;
  readonly isRequested: boolean;
  /** Requests it until it is fresh. The caller has to send in the same tick. */
  renew(): Promise<void>;
}

/** Wraps `beforeData`. `now` (ms) is a clock that keeps running while the process is frozen. */
export function createSendPermit(
  beforeData: BeforeData,
  now: () => number = () => performance.now(),
): SendPermit {
  let call: ReturnType<BeforeData> | undefined;
  let startedAt = 0;
  const request: BeforeData = () => {
    if (!call) {
      startedAt = now();
      call = beforeData();
    }
    return call;
  };
  const isFresh = (): boolean => now() - startedAt < FRESH_MS;
  return {
    request,
    renew: async () => {
      if ((await call?.catch(() => undefined)) === 'ask-again') call = undefined;
      for (;;) {
        if (!isFresh()) call = undefined;
        await request();
        if (isFresh()) return;
      }
    },
    get isRequested() {
      return call !== undefined;
    },
  };
}
