import { kafkajsInternals } from './kafkajs-internals.ts';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

/** How soon a full queue is checked again, as in kafkajs. */
const CHECK_AGAIN_MS = 10;

/**
 * Lets kafkajs schedule a check of its request queue only while requests are pending. As published it always does, with a
 * negative delay: a timer every millisecond while idle, and a TimeoutNegativeWarning on Node 24 (tulios/kafkajs#1751).
 */
export function patchRequestQueue(): void {
  const { prototype } = kafkajsInternals.load<{ prototype: object }>('network/requestQueue/index.js', [
    'prototype.scheduleCheckPendingRequests',
    'prototype.checkPendingRequests',
  ]);
  Object.assign(prototype, {
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
