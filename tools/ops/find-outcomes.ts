import { decodeOutcomes, OUTCOMES_TOPIC } from '#events';
import { readTopic, type KafkaConnection } from '#kafka';
import { createOutcomeHistory, type Outcome, type RedisConnection } from '#redis';

/** What is asked about: an event's id or a number, and how it may be recognised. */
export interface Asked {
  readonly id: string;
  readonly number?: string;
  readonly source?: string;
  /** Of a number: the newest so many events. */
  readonly limit: number;
}

/**
 * The outcomes that the history in Redis has, newest first, of whatever contract the number was with at the time: as Kafka
 * tells them. Rejects with a `RedisError`.
 */
export async function outcomesInRedis(redis: RedisConnection, asked: Asked): Promise<readonly Outcome[]> {
  const { id, source, number, limit } = asked;
  const history = createOutcomeHistory(redis, { everyContract: true });
  const ofEvent = await history.ofEvent(id, source);
  if (ofEvent.length > 0 || number === undefined) return ofEvent;
  return (await history.ofNumber({ number, limit }))?.items ?? [];
}

/** An outcome as Kafka has it. */
export interface ToldOutcome {
  readonly outcome: Outcome;
  /** When it was told, epoch milliseconds. */
  readonly toldAt: number;
}

/** What the history does not know, or no longer, Kafka may: the outcomes with the highest sequence, newest first. */
export async function outcomesInKafka(
  kafka: KafkaConnection,
  { id, source, number, limit }: Asked,
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
