import type { EnvironmentWith } from '#platform';

/** What the notifier cannot work without, besides the defaults. */
export const REQUIRED = ['KAFKA_BROKERS', 'REDIS_URL', 'SMTP_URL', 'SEAL_KEYS'] as const;
export type NotifierEnvironment = EnvironmentWith<(typeof REQUIRED)[number]>;
