import type { EnvironmentWith } from '#platform';

/** The variables that the site requires, besides those with defaults. */
export const REQUIRED = ['KAFKA_BROKERS', 'REDIS_URL', 'SEAL_KEYS'] as const;
export type SiteEnvironment = EnvironmentWith<(typeof REQUIRED)[number]>;
