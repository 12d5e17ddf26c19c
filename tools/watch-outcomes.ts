import { decodeOutcomes, OUTCOMES_TOPIC, type Outcomes } from '#events';
import { followTopic, type Following, type KafkaConnection } from '#kafka';

/** One event's outcome, as published to `notify-outcomes`. */
export type Outcome = Outcomes['items'][number];

/** Follows the outcomes topic from its beginning and calls `onOutcome` with each outcome. */
export function watchOutcomes(
  connection: KafkaConnection,
  onOutcome: (outcome: Outcome) => void,
): Promise<Following> {
  return followTopic(connection, OUTCOMES_TOPIC, (record) => {
    const read = decodeOutcomes(record);
    if (read.ok) for (const item of read.value.items) onOutcome(item);
  });
}
