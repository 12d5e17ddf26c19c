import { ConfigResourceTypes, type Admin, type KafkaConnection } from '../kafkajs/kafka-client.ts';

/** The replication that we create topics with, as far as there are brokers. */
export const MAX_REPLICAS = 3;

/** Kafka creates `__consumer_offsets` only with this many live brokers, so no consumer group works with fewer. */
const LEAST_BROKERS = 'offsets.topic.replication.factor';

/** Evidence of brokers that are down now; Kafka itself lists only live ones. */
export interface BrokerClues {
  /** `KAFKA_BROKERS`; a bootstrap alias in it stands for several brokers. */
  readonly named: readonly string[];
  /** Ids of the live brokers. */
  readonly alive: readonly number[];
  /** Ids of the brokers that hold replicas of any topic, dead or alive. */
  readonly replicas: Iterable<number>;
  /** `offsets.topic.replication.factor` of a broker; `undefined` where we may not ask for it. */
  readonly offsetsReplication: number | undefined;
}

/** How many brokers have to be alive before a topic is created: as many as there is evidence of, but 3 at most. */
export function expectedBrokers({ named, alive, replicas, offsetsReplication = 0 }: BrokerClues): number {
  const known = new Set([...alive, ...replicas]).size;
  return Math.min(MAX_REPLICAS, Math.max(new Set(named).size, known, offsetsReplication));
}

/** Collects the evidence from a cluster; `alive` are the brokers that it lists. */
export async function brokerClues(
  admin: Admin,
  { brokers, log }: KafkaConnection,
  alive: readonly number[],
): Promise<BrokerClues> {
  const { topics } = await admin.fetchTopicMetadata();
  const replicas = topics.flatMap(({ partitions }) => partitions.flatMap((one) => one.replicas));
  const offsetsReplication = await offsetsReplicationOf(admin, alive[0]).catch((error: unknown) => {
    log.debug({ error: String(error) }, 'Kafka does not show how a broker is configured');
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
