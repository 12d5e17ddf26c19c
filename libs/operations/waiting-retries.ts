import { parkedAtOf, readRetryNote, type RetryNote } from '#delivery';
import { RETRY_TOPICS, TOPICS, type RetryTopic } from '#events';
import { readUncommitted, type KafkaConnection } from '#kafka';
import type { Outcome, ReadRow } from '#redis';
import type { EventTable } from './known-event.ts';

/** A recipient's mail that waits in a retry topic. */
export interface WaitingRetry extends Pick<
  RetryNote,
  'event' | 'address' | 'attempts' | 'error' | 'notBefore'
> {
  readonly topic: RetryTopic;
  /** It waits for an answer, or for the end of somebody's claim: it was not refused. */
  readonly isParked: boolean;
}

/** The mails that `wanted` takes and that no notifier has tried again yet. Rejects with a `KafkaError`. */
export async function readWaitingRetries(
  kafka: KafkaConnection,
  groupId: string,
  wanted: (retry: WaitingRetry) => boolean,
): Promise<WaitingRetry[]> {
  const found = RETRY_TOPICS.map(async (topic) => {
    const retries: WaitingRetry[] = [];
    await readUncommitted(kafka, topic, `${groupId}-${TOPICS[topic].lane}`, (record) => {
      const note = readRetryNote(record);
      if (!('event' in note)) return;
      const retry = { ...note, topic, isParked: parkedAtOf(record) !== undefined };
      if (wanted(retry)) retries.push(retry);
    });
    return retries;
  });
  return (await Promise.all(found)).flat();
}

/**
 * An event's table as far as Kafka tells it, for when the ledger cannot be asked: what the outcome says of each
 * recipient, and of those that wait the next try. `retries` are of this event.
 */
export function tableOfRetries(
  outcome: Outcome | undefined,
  retries: readonly WaitingRetry[],
): EventTable | undefined {
  const [first] = retries;
  if (!first) return undefined;
  const waiting = new Map(retries.map((retry) => [retry.address, rowOf(retry)]));
  const told = (outcome?.recipients ?? []).map((one) => ({ ...one, settled: true }) as ReadRow);
  const others = told.filter(({ address }) => !waiting.has(address));
  return { event: first.event, sequence: outcome?.sequence ?? 0, rows: [...others, ...waiting.values()] };
}

function rowOf({ isParked, ...retry }: WaitingRetry): EventTable['rows'][number] {
  const { address, attempts, error, notBefore, topic } = retry;
  const row = { address, attempts, settled: true, notBefore, retryTopic: topic };
  return isParked
    ? { ...row, state: 'open', response: '', isParked }
    : { ...row, state: 'deferred', response: error };
}
