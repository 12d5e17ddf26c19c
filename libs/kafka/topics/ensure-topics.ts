import {
  ConfigResourceTypes,
  createKafka,
  type Admin,
  type ITopicConfig,
  type KafkaConnection,
} from '../kafkajs/kafka-client.ts';
import { classifyError, classifyWanting, KafkaError } from '../kafkajs/kafka-error.ts';
import { describeTopics, type DescribedTopic } from './describe-topics.ts';
import { brokerClues, expectedBrokers, MAX_REPLICAS } from './expected-brokers.ts';
import {
  DEFAULT_RECORD_BYTES,
  findUnfit,
  leastRecordBytes,
  leastRetentionMs,
  TOPIC_RULES,
  type Circumstances,
  type FamilyDeadlines,
  type SeenTopic,
  type TopicRule,
} from './topic-rules.ts';

export interface TopicsOptions {
  /** Whether to create what is missing (`KAFKA_CREATE_TOPICS`). */
  readonly create: boolean;
  /** How long after its event a mail may still be sent at most: topics keep their records for longer. */
  readonly deadlines: FamilyDeadlines;
}

/** The same for a topic and its retries; no more consumers than this can share a topic. */
const PARTITIONS = 12;

/** Few, so that the caller soon learns that Kafka is unavailable. */
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

const RECORD_BYTES = 'max.message.bytes';
const CLEANUP = 'cleanup.policy';

/**
 * Creates missing topics and checks that each is configured durably. Rejects with a `KafkaError`: `topics-unfit`, whose
 * message has one line for each reason; `not-authorized`; or a retryable one while Kafka is unavailable, or has too few
 * live brokers to create a topic with its replication. Safe to run in several processes at once.
 */
export async function ensureTopics(connection: KafkaConnection, options: TopicsOptions): Promise<void> {
  const admin = createKafka(connection, RETRY).admin();
  try {
    await admin.connect();
    await provideTopics(admin, connection, options);
  } catch (error) {
    throw classifyError(error);
  } finally {
    await admin.disconnect();
  }
}

async function provideTopics(
  admin: Admin,
  connection: KafkaConnection,
  { create, deadlines }: TopicsOptions,
): Promise<void> {
  const prefix = connection.topicPrefix;
  const { brokers } = await admin.describeCluster();
  const circumstances = { brokers: brokers.length, deadlines };
  const known = new Set(await admin.listTopics());
  const missing = TOPIC_RULES.filter(({ topic }) => !known.has(prefix + topic));
  const existing = TOPIC_RULES.filter((rule) => !missing.includes(rule));
  if (missing.length > 0 && !create) {
    throw unfit(
      missing.map(
        ({ topic }) =>
          `topic ${prefix}${topic}: missing, or our user may not describe it, and KAFKA_CREATE_TOPICS is false`,
      ),
    );
  }
  if (create && missing.length > 0) {
    await requireBrokers(
      admin,
      connection,
      brokers.map(({ nodeId }) => nodeId),
    );
    const fresh = missing.map((rule) => freshTopic(rule, prefix, circumstances));
    await createTopics(admin, fresh, await describeTopics(admin, prefix, existing));
  }
  const seen = await describeTopics(admin, prefix, TOPIC_RULES);
  const reasons = findUnfit(create ? await raiseDefaults(admin, seen) : seen, circumstances);
  if (reasons.length > 0) throw unfit(reasons);
}

/** A topic keeps the replication that it is created with; with too little it would be refused once all brokers are back. */
async function requireBrokers(
  admin: Admin,
  connection: KafkaConnection,
  alive: readonly number[],
): Promise<void> {
  const expected = expectedBrokers(await brokerClues(admin, connection, alive));
  if (alive.length >= expected) return;
  const state = `${alive.length} of ${expected} brokers answer`;
  throw new KafkaError('kafka', `Kafka: ${state}, missing topics are created when all do`, {
    retryable: true,
  });
}

async function createTopics(
  admin: Admin,
  fresh: readonly SeenTopic[],
  existing: readonly SeenTopic[],
): Promise<void> {
  const least = leastRecordBytes([...existing, ...fresh]);
  const topics = fresh.map(({ name, rule, replication, partitions, config }): ITopicConfig => {
    const bytes = String(Math.max(least[rule.role], DEFAULT_RECORD_BYTES));
    const entries = Object.entries({ ...config, [RECORD_BYTES]: bytes });
    const configEntries = entries.map(([key, value]) => ({ name: key, value }));
    return { topic: name, numPartitions: partitions, replicationFactor: replication, configEntries };
  });
  // Resolves with false when another process was faster. Waiting for leaders fails on a broker that does not know them yet.
  await admin.createTopics({ topics, timeout: 15_000, waitForLeaders: false }).catch((error: unknown) => {
    throw classifyWanting(`Describe or Create ${topics.map(({ topic }) => topic).join(', ')}`, error);
  });
}

function freshTopic(rule: TopicRule, prefix: string, { brokers, deadlines }: Circumstances): SeenTopic {
  const replication = Math.min(MAX_REPLICAS, brokers);
  const config = {
    [CLEANUP]: rule.cleanup,
    ...(rule.cleanup === 'compact'
      ? { 'retention.ms': '-1', 'delete.retention.ms': String(rule.retentionMs) }
      : { 'retention.ms': String(Math.max(rule.retentionMs, leastRetentionMs(rule, deadlines))) }),
    'retention.bytes': '-1',
    'min.insync.replicas': replication >= MAX_REPLICAS ? '2' : '1',
    'unclean.leader.election.enable': 'false',
    [RECORD_BYTES]: rule.role === 'source' ? String(DEFAULT_RECORD_BYTES) : '0',
  };
  return { rule, name: prefix + rule.topic, replication, partitions: PARTITIONS, config };
}

/**
 * Raises what is only the brokers' default, for a consumer may have had topics created: the record size of retry and
 * dead letter topics, and the policy and the partitions of the compacted one. What was set on a topic was set
 * deliberately and stays.
 */
async function raiseDefaults(admin: Admin, seen: readonly DescribedTopic[]): Promise<SeenTopic[]> {
  const least = leastRecordBytes(seen);
  const raised = seen.map((topic) => withRaised(topic, least[topic.rule.role]));
  const resources = raised
    .filter(({ own }, index) => own !== seen[index]?.own)
    // Kafka resets what is left out.
    .map(({ name, own }) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configEntries: Object.entries(own).map(([key, value]) => ({ name: key, value })),
    }));
  if (resources.length > 0) await admin.alterConfigs({ validateOnly: false, resources });
  const topicPartitions = raised
    .filter(({ partitions }, index) => partitions !== seen[index]?.partitions)
    .map(({ name: topic, partitions: count }) => ({ topic, count }));
  if (topicPartitions.length > 0) await admin.createPartitions({ topicPartitions });
  return raised;
}

function withRaised(topic: DescribedTopic, leastBytes: number): DescribedTopic {
  const { config, own, partitions, rule } = topic;
  const isDefault = (name: string): boolean => own[name] === undefined;
  const raised: Record<string, string> = {};
  if (isDefault(RECORD_BYTES) && Number(config[RECORD_BYTES]) < leastBytes)
    raised[RECORD_BYTES] = String(leastBytes);
  if (rule.cleanup === 'compact' && isDefault(CLEANUP) && config[CLEANUP] !== 'compact')
    raised[CLEANUP] = 'compact';
  // One partition is what Kafka gives to who asks for nothing.
  const count = rule.cleanup === 'compact' && partitions === 1 ? PARTITIONS : partitions;
  if (Object.keys(raised).length === 0) return count === partitions ? topic : { ...topic, partitions: count };
  return { ...topic, partitions: count, config: { ...config, ...raised }, own: { ...own, ...raised } };
}

function unfit(reasons: readonly string[]): KafkaError {
  return new KafkaError('topics-unfit', reasons.join('\n'), { retryable: false });
}
