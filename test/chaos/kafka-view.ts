import { Kafka, logLevel, Partitioners, type Admin, type ProducerRecord } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { DEAD_LETTER_TOPIC, LANE_TOPICS, TOPIC_NAMES, TOPICS, type Lane, type RawRecord } from '#events';
import { eventually } from '../support/eventually.ts';
import { followTopic, type KafkaConnection } from '#kafka';

const LANES = Object.keys(LANE_TOPICS) as Lane[];
/** What a notifier reads. */
export const READ_TOPICS: readonly string[] = Object.values(LANE_TOPICS).flat();

const PARTITIONS = 4;
const READ_LIMIT_MS = 30_000;
const READY_LIMIT_MS = 60_000;

interface LanePosition {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number;
  readonly end: number;
}

/** Looks at a row's topics and groups from outside. */
export class KafkaView {
  private readonly connection: KafkaConnection;
  private readonly admin: Admin;
  private readonly kafka: Kafka;

  constructor(connection: KafkaConnection) {
    this.connection = connection;
    const { brokers, clientId } = connection;
    const retry = { retries: 20, maxRetryTime: 1_000 };
    this.kafka = new Kafka({ brokers: [...brokers], clientId, logLevel: logLevel.NOTHING, retry });
    this.admin = this.kafka.admin();
  }

  async open(): Promise<void> {
    await this.admin.connect();
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }

  /** Few partitions for each topic: a row is short, and the rows of a run share brokers. */
  async createTopics(): Promise<void> {
    const topics = TOPIC_NAMES.map((topic) => ({
      topic: this.full(topic),
      numPartitions: PARTITIONS,
      configEntries: [{ name: 'cleanup.policy', value: TOPICS[topic].cleanup }],
    }));
    // kafkajs gives up when a broker has not heard of a new topic yet, or of its cluster's other brokers.
    await eventually(async () => {
      await this.admin.createTopics({ topics, waitForLeaders: false });
      await this.admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) });
      return true;
    }, READY_LIMIT_MS);
  }

  async deleteTopics(): Promise<void> {
    await this.admin.deleteTopics({ topics: TOPIC_NAMES.map((topic) => this.full(topic)) });
  }

  async addPartitions(count: number): Promise<void> {
    const topicPartitions = READ_TOPICS.map((topic) => ({ topic: this.full(topic), count }));
    await this.admin.createPartitions({ topicPartitions });
  }

  /** Publishes as another producer does, with its own compression; the topic is without prefix. */
  async produce(record: ProducerRecord): Promise<void> {
    const producer = this.kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    try {
      await producer.send({ ...record, topic: this.full(record.topic) });
    } finally {
      await producer.disconnect();
    }
  }

  /** Where the records of some events are, with what a retry knows: what somebody who looks for a loss has to see. */
  async trace(ids: ReadonlySet<string>): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const topic of [...READ_TOPICS, DEAD_LETTER_TOPIC]) {
      for (const { partition, offset, timestamp, headers } of await this.read(topic)) {
        if (!ids.has(String(headers['ce_id']))) continue;
        const known = Object.entries(headers).filter(([name]) => /^(ce_id|retry-(?!event)|dlq-)/.test(name));
        const shown = known.map(([name, value]) => `${name}=${String(value)}`).join(' ');
        lines.push(`${topic}/${partition}@${offset} ${new Date(timestamp).toISOString()} ${shown}`);
      }
    }
    return lines;
  }

  /** What each lane has committed of each partition, and where that ends. */
  async commits(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (const lane of LANES) {
      for (const { topic, partition, committed, end } of await this.lane(lane))
        lines.push(`${lane}: ${topic}/${partition} ${committed} of ${end}`);
    }
    return lines;
  }

  /** Records of all lanes that are not committed. */
  async uncommitted(): Promise<number> {
    const lanes = await Promise.all(LANES.map((lane) => this.lane(lane)));
    return lanes.flat().reduce((lag, { committed, end }) => lag + end - committed, 0);
  }

  private async lane(lane: Lane): Promise<LanePosition[]> {
    const topics = LANE_TOPICS[lane].map((topic) => this.full(topic));
    const groupId = `${this.connection.clientId}-${lane}`;
    const positions: LanePosition[] = [];
    for (const { topic, partitions } of await this.admin.fetchOffsets({ groupId, topics })) {
      const committed = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      for (const { partition, high } of await this.admin.fetchTopicOffsets(topic)) {
        const at = Math.max(0, committed.get(partition) ?? 0);
        positions.push({ topic, partition, committed: at, end: Number(high) });
      }
    }
    return positions;
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
