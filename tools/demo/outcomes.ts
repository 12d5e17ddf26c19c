import { decodeOutcomes, OUTCOMES_TOPIC, type Outcomes } from '#events';
import { followTopic, type Following, type KafkaConnection } from '#kafka';

/** An outcome as the notifier tells it. */
export type Outcome = Outcomes['items'][number];

/** Tells `onOutcome` of every outcome from the topic's beginning on. */
export function watchOutcomes(
  connection: KafkaConnection,
  onOutcome: (outcome: Outcome) => void,
): Promise<Following> {
  return followTopic(connection, OUTCOMES_TOPIC, (record) => {
    const read = decodeOutcomes(record);
    if (read.ok) for (const item of read.value.items) onOutcome(item);
  });
}
