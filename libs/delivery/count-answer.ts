import type { NotifyEvent } from '#events';
import { mailDomainLabel, type SendResult } from '#mail';
import { replyLabel } from './reply-label.ts';
import type { DeliveryMetrics } from './metrics.ts';

/** Counts the mail server's answer for an address; `now` in epoch milliseconds. */
export function countAnswer(
  metrics: DeliveryMetrics,
  now: number,
  { kind, at }: NotifyEvent,
  address: string,
  result: SendResult,
): void {
  metrics.replies.inc({ domain: mailDomainLabel(address), code: replyLabel(result) });
  if (result.kind !== 'accepted') return;
  metrics.deliverySeconds.observe({ kind }, Math.max(0, now - at) / 1000);
  metrics.lastAccepted.set({ kind }, Math.floor(now / 1000));
}
