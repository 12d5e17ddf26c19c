import { createKafka, type Admin, type KafkaConnection } from '../kafkajs/kafka-client.ts';
import { classifyError } from '../kafkajs/kafka-error.ts';

const RETRY = { retries: 1, initialRetryTime: 200, maxRetryTime: 500 };

/** A topic, without prefix, and the group that works it. */
export interface AskedBacklog {
  readonly topic: string;
  readonly groupId: string;
  /** Ages in milliseconds: whether something waits for longer than each of them. */
  readonly agesMs: readonly number[];
}

/** What a group has not settled yet. */
export interface TopicBacklog {
  readonly topic: string;
  /** Records behind the committed offsets, those under way among them. */
  readonly waiting: number;
  /** Those of the ages that were asked about beyond which something waits. */
  readonly olderThanMs: readonly number[];
}

/**
 * Counts what groups have not settled of topics, and how old that is, from offsets alone: the cost does not depend on how
 * much waits. `now` is in epoch milliseconds. Rejects with a `KafkaError`.
 */
export async function readBacklogs(
  connection: KafkaConnection,
  asked: readonly AskedBacklog[],
  now: number,
): Promise<TopicBacklog[]> {
  const admin = createKafka(connection, RETRY).admin();
  try {
    await admin.connect();
    return await Promise.all(asked.map((one) => backlogOf(admin, connection.topicPrefix, one, now)));
  } catch (error) {
    throw classifyError(error);
  } finally {
    await admin.disconnect();
  }
}

async function backlogOf(
  admin: Admin,
  prefix: string,
  { topic, groupId, agesMs }: AskedBacklog,
  now: number,
): Promise<TopicBacklog> {
  const name = prefix + topic;
  const [offsets, [committed]] = await Promise.all([
    admin.fetchTopicOffsets(name),
    admin.fetchOffsets({ groupId, topics: [name] }),
  ]);
  const settled = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
  const begins = new Map(
    offsets.map(({ partition, low }) => {
      const [from, at] = [BigInt(low), settled.get(partition) ?? -1n];
      return [partition, at > from ? at : from];
    }),
  );
  const waiting = offsets.reduce((sum, { partition, high }) => {
    const left = BigInt(high) - (begins.get(partition) ?? 0n);
    return sum + (left > 0n ? Number(left) : 0);
  }, 0);
  if (waiting === 0) return { topic, waiting, olderThanMs: [] };
  const older = await Promise.all(
    agesMs.map(async (age) => {
      // Where each partition began to be younger than that.
      const young = await admin.fetchTopicOffsetsByTimestamp(name, now - age);
      return young.some(({ partition, offset }) => BigInt(offset) > (begins.get(partition) ?? 0n))
        ? [age]
        : [];
    }),
  );
  return { topic, waiting, olderThanMs: older.flat() };
}
