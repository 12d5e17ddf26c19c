import type { EnvironmentWith } from '#platform';

/** The variables that the notifier requires, besides those with defaults. */
export const REQUIRED = ['KAFKA_BROKERS', 'REDIS_URL', 'SMTP_URL', 'SEAL_KEYS'] as const;
export type NotifierEnvironment = EnvironmentWith<(typeof REQUIRED)[number]>;
