import { setTimeout as pause } from 'node:timers/promises';
import { classifyError } from './classify-error.ts';
import type { KafkaError } from './kafka-error.ts';
import type { PublishCall } from './publish-call.ts';

/** A record on its way, and the call that waits for it. `partition` is where the last try put it. */
export interface Outgoing {
  readonly topic: string;
  readonly bytes: number;
  readonly call: PublishCall;
  readonly message: { partition?: number; chosen?: number };
}

/** Sends all or throws; when it throws, any part may have been written. */
export type SendOnce<T extends Outgoing> = (items: readonly T[]) => Promise<void>;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Sends until every record is acknowledged or nobody waits for it any more. After a failure each partition goes on
 * alone, so that one without a leader neither repeats nor holds up the others'. Never rejects.
 */
export async function sendUntilAcknowledged<T extends Outgoing>(
  items: readonly T[],
  send: SendOnce<T>,
): Promise<void> {
  let waiting = items;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    waiting = waiting.filter(({ call }) => !call.over);
    if (waiting.length === 0) return;
    const failure = await attempt(waiting, send);
    if (!failure) return waiting.forEach(({ call }) => call.acknowledged());
    for (const { call } of waiting) call.delayed(failure);
    const parts = divide(waiting, failure);
    if (parts.length === 1 && !failure.retryable) return waiting.forEach(({ call }) => call.failed(failure));
    if (failure.retryable) await pause(pauseMs * (0.5 + Math.random() / 2));
    if (parts.length > 1) {
      await Promise.all(parts.map((part) => sendUntilAcknowledged(part, send)));
      return;
    }
  }
}

async function attempt<T extends Outgoing>(
  items: readonly T[],
  send: SendOnce<T>,
): Promise<KafkaError | undefined> {
  try {
    await send(items);
    return undefined;
  } catch (error) {
    return classifyError(error);
  }
}

/** By partition; what is too large together, or refused for one of several, by record at last. */
function divide<T extends Outgoing>(items: readonly T[], failure: KafkaError): readonly T[][] {
  const parts = [...Map.groupBy(items, ({ topic, message }) => `${topic}/${message.chosen ?? ''}`).values()];
  if (parts.length > 1 || failure.retryable || items.length === 1) return parts;
  const half = Math.ceil(items.length / 2);
  return [items.slice(0, half), items.slice(half)];
}
