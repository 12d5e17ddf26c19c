/** The fields of every event. `source` and `id` together identify it (CloudEvents 1.0). */
export interface EventBase {
  /** `ce_source` */
  readonly source: string;
  /** `ce_id` */
  readonly id: string;
  /**
   * When it happened, in epoch milliseconds: `startedAt`, `receivedAt`, `at` or `issuedAt`. Deadlines count from it.
   */
  readonly at: number;
}

/** The data of an event, without its envelope. */
export type BodyOf<Event extends EventBase> = Event extends unknown ? Omit<Event, 'source' | 'id'> : never;

/** A Kafka record as the lanes see it. */
export interface RawRecord {
  /** The topic's name without prefix. */
  readonly topic: string;
  readonly partition: number;
  /** The record's offset as Kafka's decimal string. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A header without a value is null, one that comes more than once a list. */
  readonly headers: Readonly<Record<string, Buffer | string | null | (Buffer | string | null)[] | undefined>>;
  /** Kafka's timestamp of the record, epoch milliseconds. */
  readonly timestamp: number;
}

/**
 * One thing wrong with a record: where (`data.caller.number`, `headers.ce_id`), a code, and what was expected. Never
 * carries the value.
 */
export interface Problem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}
