import {
  ConfigResourceTypes,
  ConfigSource,
  retryUntilTopicsKnown,
  type Admin,
  type ConfigEntries,
} from '../kafkajs/kafka-client.ts';
import { classifyWanting } from '../kafkajs/kafka-error.ts';
import type { SeenTopic, TopicRule } from './topic-rules.ts';

/** A topic, and which of its configuration was set on the topic itself rather than taken from the brokers' defaults. */
export interface DescribedTopic extends SeenTopic {
  readonly own: Readonly<Record<string, string>>;
}

/** Reads the replication and configuration of existing topics. */
export async function describeTopics(
  admin: Admin,
  prefix: string,
  rules: readonly TopicRule[],
): Promise<DescribedTopic[]> {
  if (rules.length === 0) return [];
  return retryUntilTopicsKnown(() => describeOnce(admin, prefix, rules)).catch((error: unknown) => {
    throw classifyWanting(`Describe and DescribeConfigs our topics (${prefix}…)`, error);
  });
}

async function describeOnce(
  admin: Admin,
  prefix: string,
  rules: readonly TopicRule[],
): Promise<DescribedTopic[]> {
  const names = rules.map(({ topic }) => prefix + topic);
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  const type = ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type, name })),
  });
  return rules.map((rule) => {
    const name = prefix + rule.topic;
    const partitions = topics.find((topic) => topic.name === name)?.partitions ?? [];
    const entries = resources.find((resource) => resource.resourceName === name)?.configEntries ?? [];
    const replication = Math.min(...partitions.map(({ replicas }) => replicas.length));
    const own = entries.filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG);
    return {
      rule,
      name,
      replication,
      partitions: partitions.length,
      config: byName(entries),
      own: byName(own),
    };
  });
}

function byName(entries: readonly ConfigEntries[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
}
