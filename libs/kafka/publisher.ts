import type { KafkaConnection } from './kafka-connection.ts';

/** Headers of a record; a header that comes more than once is an array. */
export type RecordHeaders = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;

/** A record to publish. Without `partition` the key chooses it as Java's producer would (murmur2), or chance. */
export interface OutgoingRecord {
  /** Without prefix. */
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: RecordHeaders;
  readonly partition?: number;
}

export interface PublishOptions {
  /** Stops waiting; the records may have been written all the same. */
  readonly signal?: AbortSignal;
  /** How long to go on trying, in milliseconds; default 30,000. */
  readonly withinMs?: number;
}

/** Publishes records. The only way of ours into Kafka. */
export interface Publisher {
  /**
   * Resolves when Kafka has acknowledged every record (all in-sync replicas); rejects with a `KafkaError`:
   * `unacknowledged`, `too-large`, `not-authorized`, `closed`. Records for one partition keep their order within a call.
   */
  publish(records: readonly OutgoingRecord[], options?: PublishOptions): Promise<void>;
  /** Waits for what is under way, then disconnects. */
  close(): Promise<void>;
}

/** Connects by itself with the first publish, so that it can be made while Kafka is away. */
export function createPublisher(_connection: KafkaConnection): Publisher {
  throw new Error('not yet');
}
