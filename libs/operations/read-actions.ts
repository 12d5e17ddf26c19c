import { decodeOperatorAction, OPERATOR_ACTIONS_TOPIC, type RecordedAction } from '#events';
import { readTopic, type KafkaConnection } from '#kafka';

/**
 * Reads the newest `count` actions that Kafka has, the newest first. Of one that came twice it gives what is known best.
 * Rejects with a `KafkaError`.
 */
export async function readActions(connection: KafkaConnection, count: number): Promise<RecordedAction[]> {
  const actions = new Map<string, RecordedAction>();
  await readTopic(
    connection,
    OPERATOR_ACTIONS_TOPIC,
    (record) => {
      const read = decodeOperatorAction(record);
      if (!read.ok) return;
      const { value: action } = read;
      if (action.result !== 'unknown' || !actions.has(action.id)) actions.set(action.id, action);
    },
    { newest: count },
  );
  return [...actions.values()].toSorted((one, other) => other.at - one.at).slice(0, count);
}
