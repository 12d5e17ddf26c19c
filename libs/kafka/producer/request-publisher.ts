import type { OutgoingRecord } from './outgoing-record.ts';
import type { Publisher } from './publisher.ts';

/** Longer than Kafka needs to elect a leader, shorter than a visitor's patience. */
const PATIENT_MS = 10_000;
/** Enough for one round trip of a Kafka that is back. */
const AWAY_MS = 2_000;

/** Publishes while somebody waits for the answer. */
export interface RequestPublisher {
  /**
   * Resolves when Kafka has acknowledged every record. Rejects like `Publisher`, with `unacknowledged` after 10 s; while
   * nothing has been acknowledged since, the next ones are given 2 s each: who asks during an outage is told at once.
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
}

/** Publishes for requests by a publisher, which stays its owner's to close. */
export function createRequestPublisher(publisher: Pick<Publisher, 'publish'>): RequestPublisher {
  let isAway = false;
  return {
    async publish(records) {
      try {
        await publisher.publish(records, { withinMs: isAway ? AWAY_MS : PATIENT_MS });
        isAway = false;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'unacknowledged') isAway = true;
        throw error;
      }
    },
  };
}
