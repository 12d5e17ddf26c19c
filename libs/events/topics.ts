/** The topics of the system, without `KAFKA_TOPIC_PREFIX`, which libs/kafka puts before every name. */
export const SOURCE_TOPICS = ['call-events', 'fax-events', 'fault-events', 'access-mails'] as const;

/** Retry topics of the `retry` lane with the constant delay of each, in milliseconds; shortest first. */
export const RETRY_DELAYS_MS = {
  'notify-retry-10s': 10_000,
  'notify-retry-1m': 60_000,
  'notify-retry-10m': 600_000,
  'notify-retry-1h': 3_600_000,
} as const;

/** Retry topics of the `access` lane with the constant delay of each, in milliseconds; shortest first. */
export const ACCESS_RETRY_DELAYS_MS = {
  'access-retry-5s': 5_000,
  'access-retry-30s': 30_000,
} as const;

export const SWITCH_COMMANDS_TOPIC = 'switch-commands';
export const DEAD_LETTER_TOPIC = 'notify-dlq';
export const OUTCOMES_TOPIC = 'notify-outcomes';

export type SourceTopic = (typeof SOURCE_TOPICS)[number];
export type RetryTopic = keyof typeof RETRY_DELAYS_MS | keyof typeof ACCESS_RETRY_DELAYS_MS;
export type Topic =
  SourceTopic | RetryTopic | typeof SWITCH_COMMANDS_TOPIC | typeof DEAD_LETTER_TOPIC | typeof OUTCOMES_TOPIC;
