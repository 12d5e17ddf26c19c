/** Partitions of a topic, in the order in which a fetch asks for them. */
export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/**
 * Turns the order in which a fetch asks for partitions, so that it begins at another one: `place` is 0 for the first, and
 * below 1. A topic is named only once, so what came before that partition in its topic comes behind the rest of it, and
 * before other topics.
 */
export function beginningAt(place: number, asked: readonly TopicPartitions[]): TopicPartitions[] {
  let at = Math.floor(place * asked.reduce((sum, { partitions }) => sum + partitions.length, 0));
  for (const [index, { topic, partitions }] of asked.entries()) {
    if (at < partitions.length) {
      const turned = [...partitions.slice(at), ...partitions.slice(0, at)];
      return [{ topic, partitions: turned }, ...asked.slice(index + 1), ...asked.slice(0, index)];
    }
    at -= partitions.length;
  }
  return [...asked];
}
