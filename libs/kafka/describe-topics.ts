import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Admin, ConfigEntries } from 'kafkajs';
import type { SeenTopic, TopicRule } from './topic-rules.ts';

/** A topic with what was set on it itself, not taken from the brokers' defaults. */
export interface DescribedTopic extends SeenTopic {
  readonly own: Readonly<Record<string, string>>;
}

/** A broker may hear of a new topic a while after the one that created it. */
const TRIES = 50;
const TRY_AGAIN_MS = 200;

/** How existing topics are replicated and configured. */
export async function describeTopics(
  admin: Admin,
  prefix: string,
  rules: readonly TopicRule[],
): Promise<DescribedTopic[]> {
  if (rules.length === 0) return [];
  for (let tries = 1; ; tries++) {
    try {
      return await describeOnce(admin, prefix, rules);
    } catch (error) {
      const type: unknown = error instanceof Error ? Reflect.get(error, 'type') : undefined;
      if (type !== 'UNKNOWN_TOPIC_OR_PARTITION' || tries === TRIES) throw error;
      await pause(TRY_AGAIN_MS);
    }
  }
}

async function describeOnce(
  admin: Admin,
  prefix: string,
  rules: readonly TopicRule[],
): Promise<DescribedTopic[]> {
  const names = rules.map(({ topic }) => prefix + topic);
  const { topics } = await admin.fetchTopicMetadata({ topics: names });
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type, name })),
  });
  return rules.map((rule) => {
    const name = prefix + rule.topic;
    const partitions = topics.find((topic) => topic.name === name)?.partitions ?? [];
    const entries = resources.find((resource) => resource.resourceName === name)?.configEntries ?? [];
    const replication = Math.min(...partitions.map(({ replicas }) => replicas.length));
    const own = entries.filter(({ configSource }) => configSource === kafkajs.ConfigSource.TOPIC_CONFIG);
    return { rule, name, replication, config: byName(entries), own: byName(own) };
  });
}

function byName(entries: readonly ConfigEntries[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
}
