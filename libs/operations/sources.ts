import type { KafkaConnection } from '#kafka';
import type { RedisConnection } from '#redis';

/** The servers that know what became of events. Nobody has to have looked whether they are there. */
export interface Sources {
  readonly kafka: KafkaConnection;
  /** `KAFKA_GROUP_ID`: what the names of the notifiers' groups begin with. */
  readonly groupId: string;
  readonly redis: RedisConnection;
  /** The history's Redis: the same object as `redis` where there is no separate one. */
  readonly history: RedisConnection;
  /** How long to wait for a Redis that is not connected, in milliseconds. */
  readonly readyWithinMs: number;
}

/** What a person asks for. */
export interface Asked {
  /** The `ce_id` of an event, or a telephone number. */
  readonly id: string;
  /** The `ce_source`, when several used the same id. */
  readonly source?: string;
  /** For a number: how many of its newest events. */
  readonly limit: number;
  /** Whether to look through Kafka for outcomes that the history does not have: that may take minutes. */
  readonly searchesKafka: boolean;
  /** How many of the newest records of each partition to look through for its dead letters; without it all of them. */
  readonly newestLetters?: number;
}
