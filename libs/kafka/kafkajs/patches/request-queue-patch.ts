import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

/** How soon a queue that is full looks again, as kafkajs has it. */
const CHECK_AGAIN_MS = 10;

/**
 * Lets kafkajs schedule a look at its queue only when something waits in it. As published it always does, with a
 * negative delay: a timer a millisecond while idle, and a TimeoutNegativeWarning on Node 24 (tulios/kafkajs#1751).
 */
export function patchRequestQueue(): void {
  const require = createRequire(import.meta.url);
  const queue = require('kafkajs/src/network/requestQueue/index.js') as { prototype: object };
  Object.assign(queue.prototype, {
    scheduleCheckPendingRequests(this: RequestQueue): void {
      if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
      const throttledMs = this.throttledUntil - Date.now();
      this.throttleCheckTimeoutId = setTimeout(
        () => {
          this.throttleCheckTimeoutId = null;
          this.checkPendingRequests();
        },
        throttledMs > 0 ? throttledMs : CHECK_AGAIN_MS,
      );
    },
  });
}
