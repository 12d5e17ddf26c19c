import { decodeOutcomes, OUTCOMES_TOPIC } from '#events';
import { readTopic, type KafkaConnection } from '#kafka';
import { createOutcomeHistory, type Outcome, type RedisConnection } from '#redis';
import type { Asked } from './sources.ts';

/** What was asked for, with the number that it may be. */
export interface AskedNumber extends Asked {
  readonly number?: string;
}

/**
 * Reads outcomes from the history in Redis, newest first. Like Kafka, includes those of earlier contracts of the number.
 * Rejects with a `RedisError`.
 */
export async function outcomesInRedis(
  redis: RedisConnection,
  asked: AskedNumber,
): Promise<readonly Outcome[]> {
  const { id, source, number, limit } = asked;
  const history = createOutcomeHistory(redis, { everyContract: true });
  const ofEvent = await history.ofEvent(id, source);
  if (ofEvent.length > 0 || number === undefined) return ofEvent;
  return (await history.ofNumber({ number, limit }))?.items ?? [];
}

/** An outcome as found in Kafka. */
export interface ToldOutcome {
  readonly outcome: Outcome;
  /** When it was published, epoch milliseconds. */
  readonly toldAt: number;
}

/** Reads outcomes that the history lacks from Kafka: the highest sequence of each event, newest first. */
export async function outcomesInKafka(
  kafka: KafkaConnection,
  { id, source, number, limit }: AskedNumber,
): Promise<ToldOutcome[]> {
  const latest = new Map<string, ToldOutcome>();
  await readTopic(kafka, OUTCOMES_TOPIC, (record) => {
    const read = decodeOutcomes(record);
    for (const item of read.ok ? read.value.items : []) {
      if (item.eventId !== id && item.number !== number) continue;
      if (source !== undefined && item.eventSource !== source) continue;
      const key = JSON.stringify([item.eventSource, item.eventId]);
      if (item.sequence > (latest.get(key)?.outcome.sequence ?? 0))
        latest.set(key, { outcome: item, toldAt: record.timestamp });
    }
  });
  return [...latest.values()]
    .toSorted((one, other) => Date.parse(other.outcome.at) - Date.parse(one.outcome.at))
    .slice(0, limit);
}
