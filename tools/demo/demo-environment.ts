import { randomBytes } from 'node:crypto';
import type { StackAddresses } from '../stack/servers.ts';

/** The token of the settings API in the demo; its servers listen on this machine alone. */
export const DEMO_TOKEN = 'demo';

/** What the apps are configured by. Topics and keys of their own, so that an earlier run leaves nothing to this one. */
export function demoEnvironment({
  KAFKA_BROKERS,
  REDIS_URL,
  SMTP_URL,
}: StackAddresses): Record<string, string> {
  const run = `demo-${Date.now().toString(36)}`;
  return {
    KAFKA_BROKERS,
    KAFKA_TOPIC_PREFIX: `${run}.`,
    KAFKA_GROUP_ID: run,
    REDIS_URL,
    REDIS_KEY_PREFIX: `${run}:`,
    SMTP_URL,
    SEAL_KEYS: `demo:${randomBytes(32).toString('base64')}`,
    SETTINGS_API_TOKENS: `demo:${DEMO_TOKEN}`,
    LOG_LEVEL: 'info',
  };
}
