import {
  ACCESS_RETRY_DELAYS_MS,
  NOTIFY_TOPICS,
  RETRY_DELAYS_MS,
  type EventType,
  type NotifyType,
  type RetryTopic,
  type SourceTopic,
} from '#events';
import { eventJsonSchemas } from './event-schemas.ts';
import { EXAMPLES } from './examples.ts';
import { RECORD_HEADERS } from './record-headers.ts';

const INFO = {
  title: 'denwa-notify',
  version: '1.0.0',
  description:
    'What flows through Kafka, seen from the notifier. KAFKA_TOPIC_PREFIX stands before every address. ' +
    'JSON in UTF-8; a record that is not as described here goes to notify-dlq and holds up nothing behind it.',
};

/** A topic: which way it flows, what it is for, and its messages. */
interface TopicPage {
  readonly actions: readonly ('receive' | 'send')[];
  readonly description: string;
  readonly messages: Readonly<Record<string, object>>;
}

const RETRY_DELAYS: Readonly<Record<RetryTopic, number>> = { ...RETRY_DELAYS_MS, ...ACCESS_RETRY_DELAYS_MS };

const TOPICS: Readonly<Record<string, TopicPage>> = {
  'call-events': source('call-events', 'Calls, from the switch. Key: the line number.'),
  'fax-events': source('fax-events', 'FAXes received, from the switch. Key: the line number.'),
  'fault-events': source('fault-events', 'Faults and recoveries, from the switch. Key: the line number.'),
  'access-mails': source('access-mails', 'Mails about access, from the self-care sites. Key: the number.'),
  ...Object.fromEntries((Object.keys(RETRY_DELAYS) as RetryTopic[]).map((topic) => [topic, retry(topic)])),
  'switch-commands': {
    actions: ['send'],
    description: 'What the switch is told to do. Key: the line number.',
    messages: { 'bulk-transfer.v1': message('bulk-transfer.v1') },
  },
  'notify-outcomes': {
    actions: ['send'],
    description: 'What became of events, at most 512 KB a record. No key.',
    messages: { 'outcomes.v1': message('outcomes.v1') },
  },
  'notify-dlq': {
    actions: ['send'],
    description: 'What an operator has to look at: key, bytes and headers as they came, and more headers.',
    messages: {
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
    },
  },
};

/** The AsyncAPI 3.0 document of every topic, with its messages and headers. */
export function asyncApiDocument(): object {
  const topics = Object.entries(TOPICS);
  const headers = Object.entries(RECORD_HEADERS).map(
    ([name, schema]) => [`headers.${name}`, schema] as const,
  );
  return {
    asyncapi: '3.0.0',
    info: INFO,
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      topics.map(([topic, { description, messages }]) => [topic, { address: topic, description, messages }]),
    ),
    operations: Object.fromEntries(
      topics.flatMap(([topic, { actions }]) =>
        actions.map((action) => [`${action}-${topic}`, { action, channel: { $ref: `#/channels/${topic}` } }]),
      ),
    ),
    components: { schemas: Object.fromEntries([...eventJsonSchemas(), ...headers]) },
  };
}

function source(topic: SourceTopic, description: string): TopicPage {
  const types = Object.keys(NOTIFY_TOPICS[topic]) as NotifyType[];
  return {
    actions: ['receive'],
    description,
    messages: Object.fromEntries(types.map((type) => [type, message(type)])),
  };
}

function retry(topic: RetryTopic): TopicPage {
  const types = Object.keys(NOTIFY_TOPICS[topic]) as NotifyType[];
  const headers = { allOf: [schemaRef('headers.cloud-event'), schemaRef('headers.retry')] };
  return {
    actions: ['receive', 'send'],
    description: `One record for each recipient still to be reached, ${RETRY_DELAYS[topic] / 1000} s later. Key: as received.`,
    messages: Object.fromEntries(types.map((type) => [type, { ...message(type), headers }])),
  };
}

function message(type: EventType): object {
  return {
    name: type,
    headers: schemaRef('headers.cloud-event'),
    payload: schemaRef(type),
    examples: [{ payload: EXAMPLES[type] }],
  };
}

function schemaRef(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}
