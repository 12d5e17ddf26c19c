import type { EnvironmentWith } from '#platform';

/** The variables that the settings API requires, besides those with defaults. */
export const REQUIRED = ['KAFKA_BROKERS', 'REDIS_URL', 'SEAL_KEYS', 'SETTINGS_API_TOKENS'] as const;
export type SettingsEnvironment = EnvironmentWith<(typeof REQUIRED)[number]>;
