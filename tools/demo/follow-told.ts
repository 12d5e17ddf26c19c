import { followTopic, type KafkaConnection } from '#kafka';
import { FOLLOWED_TOPICS, readTold, type Told } from '../../apps/switch/src/told.ts';

/** Follows what the switch is told, as the switch does; what cannot be read tells it nothing. */
export async function followTold(
  connection: KafkaConnection,
  onTold: (told: Told) => void,
): Promise<{ close(): Promise<unknown> }> {
  const following = await Promise.all(
    FOLLOWED_TOPICS.map((topic) =>
      followTopic(connection, topic, (record) => {
        const read = readTold(record);
        if (read.ok) onTold(read.value);
      }),
    ),
  );
  return { close: () => Promise.all(following.map((one) => one.close())) };
}
