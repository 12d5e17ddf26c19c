import {
  DEAD_LETTER_TOPIC,
  EVENT_TYPES,
  isRetryTopic,
  SWITCH_SETTINGS_TOPIC,
  TOPIC_NAMES,
  TOPICS,
  typesIn,
  type EventType,
  type TopicDefinition,
  type TopicName,
} from '#events';
import { eventJsonSchemas } from './event-schemas.ts';
import { RECORD_HEADERS } from './record-headers.ts';

const INFO = {
  title: 'denwa-notify',
  version: '1.0.0',
  description:
    'What flows through Kafka, seen from the notifier. KAFKA_TOPIC_PREFIX stands before every address. ' +
    'JSON in UTF-8; a record that is not as described here goes to notify-dlq and holds up nothing behind it.',
};

/** What `notify-dlq` holds: no event of ours. */
const DEAD_LETTERS = {
  'dead-letter': {
    title: 'Anything, as it was received',
    headers: schemaRef('headers.dead-letter'),
    payload: {},
  },
  'dead-letter-mark': {
    title: 'What a person did about a dead letter that stands before it; no value',
    headers: schemaRef('headers.dead-letter-mark'),
    payload: { type: 'null' },
  },
};

/** What a compacted topic holds of a key that is gone. */
const FORGOTTEN = {
  forgotten: {
    title: 'Nothing is to be known any more of what ce_type names of the key; no value',
    headers: { allOf: [schemaRef('headers.cloud-event'), schemaRef('headers.sequence')] },
    payload: { type: 'null' },
  },
};

/** The AsyncAPI 3.0 document of every topic, with its messages and headers. */
export function asyncApiDocument(): object {
  const headers = Object.entries(RECORD_HEADERS).map(
    ([name, schema]) => [`headers.${name}`, schema] as const,
  );
  return {
    asyncapi: '3.0.0',
    info: INFO,
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      TOPIC_NAMES.map((topic) => [
        topic,
        { address: topic, description: TOPICS[topic].description, messages: messagesOf(topic) },
      ]),
    ),
    operations: Object.fromEntries(
      TOPIC_NAMES.flatMap((topic) =>
        actionsOf(topic).map((action) => [
          `${action}-${topic}`,
          { action, channel: { $ref: `#/channels/${topic}` } },
        ]),
      ),
    ),
    components: { schemas: Object.fromEntries([...eventJsonSchemas(), ...headers]) },
  };
}

/** Which way a topic flows, seen from the notifier. */
function actionsOf(topic: TopicName): ('receive' | 'send')[] {
  const { readers, writers }: TopicDefinition = TOPICS[topic];
  return [
    ...(readers.includes('notifier') ? ['receive' as const] : []),
    ...(writers.includes('notifier') ? ['send' as const] : []),
  ];
}

function messagesOf(topic: TopicName): object {
  if (topic === DEAD_LETTER_TOPIC) return DEAD_LETTERS;
  const also = isRetryTopic(topic) ? 'headers.retry' : 'headers.sequence';
  const headers = { allOf: [schemaRef('headers.cloud-event'), schemaRef(also)] };
  const more = isRetryTopic(topic) || topic === SWITCH_SETTINGS_TOPIC ? { headers } : {};
  const messages = typesIn(topic).map((type) => [type, { ...message(type), ...more }] as const);
  return { ...Object.fromEntries(messages), ...(topic === SWITCH_SETTINGS_TOPIC ? FORGOTTEN : {}) };
}

function message(type: EventType): object {
  return {
    name: type,
    headers: schemaRef('headers.cloud-event'),
    payload: schemaRef(type),
    examples: [{ payload: EVENT_TYPES[type].example }],
  };
}

function schemaRef(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}
