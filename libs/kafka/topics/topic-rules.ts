import {
  sourcesOf,
  TOPIC_NAMES,
  TOPICS,
  type EventFamily,
  type TopicDefinition,
  type TopicName,
  type TopicRole,
} from '#events';

const DAY_MS = 24 * 3_600_000;

/** The requirements for one of our topics. */
export interface TopicRule extends Pick<TopicDefinition, 'role' | 'cleanup' | 'retentionMs'> {
  /** Without prefix. */
  readonly topic: TopicName;
  /**
   * Whose events can appear on it: a record that Kafka drops before their deadlines may not have been processed yet.
   */
  readonly families: readonly EventFamily[];
}

/** How long after its event a mail of each family may still be sent, ms: the longest that any brand says (C15, O1). */
export type FamilyDeadlines = Readonly<Record<EventFamily, number>>;

/** Every topic of the system. */
export const TOPIC_RULES: readonly TopicRule[] = TOPIC_NAMES.map((topic) => {
  const { role, cleanup, retentionMs } = TOPICS[topic];
  const families = sourcesOf(topic).map((source) => TOPICS[source].family);
  return { topic, role, cleanup, retentionMs, families };
});

/** The least retention of a topic, in ms: the longest deadline of the events that can appear on it, else a day. */
export function leastRetentionMs({ families }: TopicRule, deadlines: FamilyDeadlines): number {
  return families.length === 0 ? DAY_MS : Math.max(...families.map((family) => deadlines[family]));
}

/** A topic as it is in Kafka. */
export interface SeenTopic {
  readonly rule: TopicRule;
  /** With prefix. */
  readonly name: string;
  readonly replication: number;
  readonly partitions: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Kafka's default for the largest record batch, in bytes. */
export const DEFAULT_RECORD_BYTES = 1_048_588;

/** The most that `retry-*`, `orig-*` and `dlq-*` headers add to a record, in bytes. */
const HEADER_BYTES = 64 * 1024;

/** The record size that topics of each role have to allow, given what the topics that feed them allow now. */
export function leastRecordBytes(seen: readonly SeenTopic[]): Readonly<Record<TopicRole, number>> {
  const source = largest(seen, 'source');
  const retry = Math.max(source + HEADER_BYTES, largest(seen, 'retry'));
  return {
    source: 0,
    retry: source + HEADER_BYTES,
    'dead-letters': retry + HEADER_BYTES,
    published: DEFAULT_RECORD_BYTES / 2,
  };
}

/** The installation that the topics have to fit. */
export interface Circumstances {
  /** How many the cluster has. */
  readonly brokers: number;
  readonly deadlines: FamilyDeadlines;
}

/** Why the topics are not configured durably: a line for each problem, with the setting and what was expected. */
export function findUnfit(seen: readonly SeenTopic[], circumstances: Circumstances): string[] {
  const leastBytes = leastRecordBytes(seen);
  return seen.flatMap((topic) =>
    faultsOf(topic, leastBytes[topic.rule.role], circumstances).map(
      (fault) => `topic ${topic.name}: ${fault}`,
    ),
  );
}

/** What would be lost with another policy. */
const LOST_OTHERWISE = {
  delete: 'compaction drops events of the same key',
  compact: 'deletion drops what the switch still has to know',
} as const;

function faultsOf(topic: SeenTopic, leastBytes: number, { brokers, deadlines }: Circumstances): string[] {
  const { config, partitions, replication, rule } = topic;
  const leastRetention = leastRetentionMs(rule, deadlines);
  const inSync = Number(config['min.insync.replicas']);
  const policy = config['cleanup.policy'] ?? '';
  const retention = Number(config['retention.ms']);
  const recordBytes = Number(config['max.message.bytes']);
  const faults: [boolean, string][] = [
    ...replicationFaults(replication, inSync, brokers),
    [
      rule.cleanup === 'compact' && partitions < 2,
      `it has 1 partition, expected at least 2: a line and its own number have the same key, in one partition each`,
    ],
    [
      policy !== rule.cleanup,
      `cleanup.policy is ${policy}, expected ${rule.cleanup}: ${LOST_OTHERWISE[rule.cleanup]}`,
    ],
    [
      rule.cleanup === 'delete' && retention !== -1 && retention < leastRetention,
      `retention.ms is ${retention}, expected at least ${leastRetention} (the deadline of its events) or -1`,
    ],
    [
      config['retention.bytes'] !== '-1',
      `retention.bytes is ${config['retention.bytes']}, expected -1: a backlog would be cut`,
    ],
    [
      config['unclean.leader.election.enable'] === 'true',
      'unclean.leader.election.enable is true, expected false: an election could lose what was acknowledged',
    ],
    [
      recordBytes < leastBytes,
      `max.message.bytes is ${recordBytes}, expected at least ${leastBytes}: the largest record it is given would not fit`,
    ],
  ];
  return faults.filter(([wrong]) => wrong).map(([, fault]) => fault);
}

function replicationFaults(replication: number, inSync: number, brokers: number): [boolean, string][] {
  return [
    [
      brokers >= 3 && replication < 3,
      `replication is ${replication} on a cluster of ${brokers} brokers, expected 3: one broker's death could lose what was acknowledged`,
    ],
    [
      replication >= 3 && inSync < 2,
      `min.insync.replicas is ${inSync} with replication ${replication}, expected 2: one broker's death could lose what was acknowledged`,
    ],
    [
      inSync > replication,
      `min.insync.replicas is ${inSync} with replication ${replication}, expected at most ${replication}: nothing could be published`,
    ],
  ];
}

function largest(seen: readonly SeenTopic[], role: TopicRole): number {
  return Math.max(
    0,
    ...seen.filter(({ rule }) => rule.role === role).map(({ config }) => Number(config['max.message.bytes'])),
  );
}
