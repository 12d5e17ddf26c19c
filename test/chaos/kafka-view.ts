import { Kafka, logLevel, type Admin } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ACCESS_RETRY_DELAYS_MS,
  DEAD_LETTER_TOPIC,
  OUTCOMES_TOPIC,
  RETRY_DELAYS_MS,
  SOURCE_TOPICS,
  SWITCH_COMMANDS_TOPIC,
  type RawRecord,
} from '#events';
import { eventually } from '../support/eventually.ts';
import { followTopic, type KafkaConnection } from '#kafka';

const ACCESS = ['access-mails', ...Object.keys(ACCESS_RETRY_DELAYS_MS)];
/** The topics of each group, by the ending of its name. */
const LANES: Readonly<Record<string, readonly string[]>> = {
  access: ACCESS,
  main: SOURCE_TOPICS.filter((topic) => topic !== 'access-mails'),
  retry: Object.keys(RETRY_DELAYS_MS),
};
/** What a notifier reads. */
export const READ_TOPICS: readonly string[] = Object.values(LANES).flat();
const TOPICS = [...READ_TOPICS, DEAD_LETTER_TOPIC, OUTCOMES_TOPIC, SWITCH_COMMANDS_TOPIC];

const PARTITIONS = 4;
const READ_LIMIT_MS = 30_000;
const quiet = (): void => undefined;

/** How a row reaches its topics; what the harness's own clients have to say during a fault is of no use. */
export function connectionOf(bootstrap: string, name: string): KafkaConnection {
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  return { brokers: bootstrap.split(','), clientId: name, ssl: false, topicPrefix: `${name}.`, log };
}

/** Looks at a row's topics and groups from outside. */
export class KafkaView {
  private readonly connection: KafkaConnection;
  private readonly admin: Admin;

  constructor(connection: KafkaConnection) {
    this.connection = connection;
    const { brokers, clientId } = connection;
    const retry = { retries: 20, maxRetryTime: 1_000 };
    this.admin = new Kafka({ brokers: [...brokers], clientId, logLevel: logLevel.NOTHING, retry }).admin();
  }

  async open(): Promise<void> {
    await this.admin.connect();
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }

  /** Few partitions for each topic: a row is short, and the rows of a run share brokers. */
  async createTopics(): Promise<void> {
    const topics = TOPICS.map((topic) => ({ topic: this.full(topic), numPartitions: PARTITIONS }));
    await this.admin.createTopics({ topics, waitForLeaders: false });
    // kafkajs' own wait gives up when a broker has not heard of a new topic yet.
    const known = { topics: topics.map(({ topic }) => topic) };
    await eventually(() => this.admin.fetchTopicMetadata(known).then(() => true));
  }

  async deleteTopics(): Promise<void> {
    await this.admin.deleteTopics({ topics: TOPICS.map((topic) => this.full(topic)) });
  }

  async addPartitions(count: number): Promise<void> {
    const topicPartitions = READ_TOPICS.map((topic) => ({ topic: this.full(topic), count }));
    await this.admin.createPartitions({ topicPartitions });
  }

  /** Records of all lanes that are not committed. */
  async uncommitted(): Promise<number> {
    let lag = 0;
    for (const [lane, topics] of Object.entries(LANES)) {
      const groupId = `${this.connection.clientId}-${lane}`;
      const offsets = await this.admin.fetchOffsets({
        groupId,
        topics: topics.map((topic) => this.full(topic)),
      });
      for (const { topic, partitions } of offsets) {
        const committed = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
        for (const { partition, high } of await this.admin.fetchTopicOffsets(topic))
          lag += Number(high) - Math.max(0, committed.get(partition) ?? 0);
      }
    }
    return lag;
  }

  /** All that a topic holds now. Rejects when it cannot be read within 30 s. */
  async read(topic: string): Promise<readonly RawRecord[]> {
    const records: RawRecord[] = [];
    const ends = await this.admin.fetchTopicOffsets(this.full(topic));
    const total = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    const following = await followTopic(this.connection, topic, (record) => void records.push(record));
    try {
      const end = Date.now() + READ_LIMIT_MS;
      while (records.length < total) {
        if (Date.now() > end) throw new Error(`${records.length} of ${total} records of ${topic} were read`);
        await delay(50);
      }
    } finally {
      await following.close();
    }
    return records;
  }

  private full(topic: string): string {
    return this.connection.topicPrefix + topic;
  }
}
