/** The topics one consumer group handles; separate groups keep one kind of work from delaying another. */
export type Lane = 'access' | 'main' | 'retry';

/** What a topic is for. Dead letters take what sources and retries hold, retries what sources hold. */
export type TopicRole = 'source' | 'retry' | 'published' | 'dead-letters';

/** Who writes a topic, or reads it. */
type Program = 'switch' | 'site' | 'settings' | 'notifier' | 'operator';

/** Everything that depends on a topic. */
export interface TopicDefinition {
  readonly role: TopicRole;
  /** The lane of the notifier that handles it. */
  readonly lane?: Lane;
  /** Whose deadline counts for the mails of a source topic (C15). */
  readonly family?: string;
  /** The ladder of retry topics: the one that a source topic uses, or that a retry topic belongs to. */
  readonly ladder?: 'notice' | 'access';
  /** How long a record waits in a retry topic, in milliseconds. */
  readonly delayMs?: number;
  /** Whether the batches of a partition are processed one after the other. */
  readonly inOrder: boolean;
  /** Kafka's `cleanup.policy`: `compact` keeps the newest record of each key, however old. */
  readonly cleanup: 'delete' | 'compact';
  /**
   * The topic's retention when we create it; longer where a deadline is longer. Of a compacted one, how long a reader
   * that was away may still find that a key is gone.
   */
  readonly retentionMs: number;
  readonly writers: readonly Program[];
  readonly readers: readonly Program[];
  readonly description: string;
}

const DAY_MS = 86_400_000;
const A_WEEK = { cleanup: 'delete', retentionMs: 7 * DAY_MS } as const;
const A_MONTH = { cleanup: 'delete', retentionMs: 30 * DAY_MS } as const;
const A_YEAR = { cleanup: 'delete', retentionMs: 365 * DAY_MS } as const;
const FOR_EVER = { cleanup: 'compact', retentionMs: 30 * DAY_MS } as const;

const NOTICE_RETRY = { lane: 'retry', ladder: 'notice' } as const;
// A code must not wait behind notices that are tried again.
const ACCESS_RETRY = { lane: 'access', ladder: 'access' } as const;

/**
 * Every topic of the system, without `KAFKA_TOPIC_PREFIX`, which libs/kafka puts before every name. Everything else
 * about topics is derived from this table. The retry topics of a ladder are in order, the shortest delay first.
 */
export const TOPICS = {
  'call-events': {
    ...A_WEEK,
    role: 'source',
    lane: 'main',
    family: 'call',
    ladder: 'notice',
    inOrder: false,
    writers: ['switch'],
    readers: ['notifier'],
    description: 'Calls, from the switch. Key: the line number.',
  },
  'fax-events': {
    ...A_WEEK,
    role: 'source',
    lane: 'main',
    family: 'fax',
    ladder: 'notice',
    inOrder: false,
    writers: ['switch'],
    readers: ['notifier', 'settings'],
    description: 'FAXes received, from the switch. Key: the line number.',
  },
  'fault-events': {
    ...A_WEEK,
    role: 'source',
    lane: 'main',
    family: 'fault',
    ladder: 'notice',
    // Faults of a line are reported in order (R4).
    inOrder: true,
    writers: ['switch'],
    readers: ['notifier'],
    description: 'Faults and recoveries, from the switch. Key: the line number.',
  },
  'access-mails': {
    ...A_WEEK,
    role: 'source',
    lane: 'access',
    family: 'access',
    ladder: 'access',
    inOrder: false,
    writers: ['site', 'settings'],
    readers: ['notifier'],
    description: 'Mails about access, from the self-care sites. Key: the number.',
  },
  'notify-retry-10s': { ...NOTICE_RETRY, ...retryAfter(10_000) },
  'notify-retry-1m': { ...NOTICE_RETRY, ...retryAfter(60_000) },
  'notify-retry-10m': { ...NOTICE_RETRY, ...retryAfter(600_000) },
  'notify-retry-1h': { ...NOTICE_RETRY, ...retryAfter(3_600_000) },
  'access-retry-5s': { ...ACCESS_RETRY, ...retryAfter(5_000) },
  'access-retry-30s': { ...ACCESS_RETRY, ...retryAfter(30_000) },
  'switch-commands': {
    ...A_WEEK,
    role: 'published',
    inOrder: false,
    writers: ['notifier', 'site', 'settings'],
    readers: ['switch'],
    description: 'What the switch is told to do. Key: the line number, of an IP phone password its number.',
  },
  'switch-settings': {
    ...FOR_EVER,
    role: 'published',
    inOrder: false,
    writers: ['site', 'settings'],
    readers: ['switch'],
    description:
      'What the switch is to know, the whole of it each time. Key: the number or line number; without a value when ' +
      'there is nothing to know any more.',
  },
  'notify-outcomes': {
    ...A_WEEK,
    role: 'published',
    inOrder: false,
    writers: ['notifier'],
    readers: ['settings'],
    description: 'What became of events, at most 512 KB a record. No key.',
  },
  'notify-dlq': {
    ...A_MONTH,
    role: 'dead-letters',
    inOrder: false,
    writers: ['notifier'],
    readers: ['operator'],
    description: 'What an operator has to look at: key, bytes and headers as they came, and more headers.',
  },
  'operator-actions': {
    ...A_YEAR,
    role: 'published',
    inOrder: false,
    writers: ['settings', 'operator'],
    readers: ['settings'],
    description:
      'Who did what: changes by the settings API and the operator’s page, and the commands of `npm run ops` that ' +
      'change something. Key: what it was about. One id may come twice; of these the last counts.',
  },
} as const satisfies Readonly<Record<string, TopicDefinition>>;

/** The name of one of our topics, without prefix. */
export type TopicName = keyof typeof TOPICS;
type WithRole<Role extends TopicRole> = {
  [Name in TopicName]: (typeof TOPICS)[Name]['role'] extends Role ? Name : never;
}[TopicName];
/** A topic that events first arrive on. */
export type SourceTopic = WithRole<'source'>;
/** A topic whose records wait to be tried again. */
export type RetryTopic = WithRole<'retry'>;
/** Whose deadline counts for a mail. */
export type EventFamily = (typeof TOPICS)[SourceTopic]['family'];

export const FAX_EVENTS_TOPIC = 'fax-events' satisfies TopicName;
export const SWITCH_COMMANDS_TOPIC = 'switch-commands' satisfies TopicName;
export const SWITCH_SETTINGS_TOPIC = 'switch-settings' satisfies TopicName;
export const DEAD_LETTER_TOPIC = 'notify-dlq' satisfies TopicName;
export const OPERATOR_ACTIONS_TOPIC = 'operator-actions' satisfies TopicName;
export const OUTCOMES_TOPIC = 'notify-outcomes' satisfies TopicName;

const DEFINITIONS: Readonly<Record<TopicName, TopicDefinition>> = TOPICS;
/** Every topic, in the order of the table. */
export const TOPIC_NAMES = Object.keys(TOPICS) as readonly TopicName[];
/** The topics that events first arrive on. */
export const SOURCE_TOPICS = withRole('source') as readonly SourceTopic[];
/** The topics whose records wait to be tried again; those of a ladder with the shortest delay first. */
export const RETRY_TOPICS = withRole('retry') as readonly RetryTopic[];

/** The topics of each lane. */
export const LANE_TOPICS: Readonly<Record<Lane, readonly TopicName[]>> = {
  access: ofLane('access'),
  main: ofLane('main'),
  retry: ofLane('retry'),
};

/** The topics whose batches are processed one after the other in each partition. */
export const IN_ORDER_TOPICS = TOPIC_NAMES.filter((name) => TOPICS[name].inOrder);

const RETRIES: ReadonlySet<string> = new Set(RETRY_TOPICS);

/** Whether a topic, named without prefix, is one of those whose records wait to be tried again. */
export function isRetryTopic(topic: string): topic is RetryTopic {
  return RETRIES.has(topic);
}

/**
 * The source topics whose events can appear on a topic: for a retry topic those of its ladder, for a source topic
 * itself.
 */
export function sourcesOf(topic: TopicName): readonly SourceTopic[] {
  return SOURCE_TOPICS.filter((source) =>
    isRetryTopic(topic) ? TOPICS[source].ladder === TOPICS[topic].ladder : source === topic,
  );
}

function retryAfter(delayMs: number) {
  return {
    ...A_WEEK,
    role: 'retry',
    delayMs,
    // The head of a retry topic is always the next to be due.
    inOrder: true,
    writers: ['notifier'],
    readers: ['notifier'],
    description: `One record for each recipient still to be reached, ${delayMs / 1000} s later. Key: as received.`,
  } as const;
}

function withRole(role: TopicRole): readonly TopicName[] {
  return TOPIC_NAMES.filter((name) => TOPICS[name].role === role);
}

function ofLane(lane: Lane): readonly TopicName[] {
  return TOPIC_NAMES.filter((name) => DEFINITIONS[name].lane === lane);
}
