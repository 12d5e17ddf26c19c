import { ConfigResourceTypes, type Admin, type KafkaConnection } from '../kafkajs/kafka-client.ts';

/** What a topic's replication follows: with more brokers a topic has no more replicas. */
export const MAX_REPLICAS = 3;

/** Kafka creates `__consumer_offsets` only where so many brokers live, so no group works with fewer. */
const LEAST_BROKERS = 'offsets.topic.replication.factor';

/** What tells of brokers that do not answer now: Kafka itself names only those that live. */
export interface BrokerClues {
  /** `KAFKA_BROKERS`; where it holds a bootstrap alias it says less than the others. */
  readonly named: readonly string[];
  /** Ids of the brokers that live. */
  readonly alive: readonly number[];
  /** Ids of the brokers that hold replicas of any topic, dead ones too. */
  readonly replicas: Iterable<number>;
  /** `offsets.topic.replication.factor` of a broker; `undefined` where we may not ask for it. */
  readonly offsetsReplication: number | undefined;
}

/** How many brokers have to live before a topic is created, 3 at most: as many as any clue tells of. */
export function expectedBrokers({ named, alive, replicas, offsetsReplication = 0 }: BrokerClues): number {
  const known = new Set([...alive, ...replicas]).size;
  return Math.min(MAX_REPLICAS, Math.max(new Set(named).size, known, offsetsReplication));
}

/** Asks a cluster for all that tells of its brokers. `alive` are those that it names. */
export async function brokerClues(
  admin: Admin,
  { brokers, log }: KafkaConnection,
  alive: readonly number[],
): Promise<BrokerClues> {
  const { topics } = await admin.fetchTopicMetadata();
  const replicas = topics.flatMap(({ partitions }) => partitions.flatMap((one) => one.replicas));
  const offsetsReplication = await offsetsReplicationOf(admin, alive[0]).catch((error: unknown) => {
    log.debug({ error: String(error) }, 'Kafka does not tell how a broker is configured');
    return undefined;
  });
  return { named: brokers, alive, replicas, offsetsReplication };
}

async function offsetsReplicationOf(admin: Admin, broker: number | undefined): Promise<number | undefined> {
  const type = ConfigResourceTypes.BROKER;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type, name: String(broker), configNames: [LEAST_BROKERS] }],
  });
  const value = Number(resources[0]?.configEntries[0]?.configValue);
  return Number.isInteger(value) ? value : undefined;
}
