import { randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { StackAddresses } from '../stack/servers.ts';

/** The demo's token for the settings API and the telephone dialogue, which listen on the loopback address only. */
export const DEMO_TOKEN = 'demo';

/** The environment of the demo's apps. Each run has its own topics and keys, so it sees nothing of earlier runs. */
export function demoEnvironment(
  { KAFKA_BROKERS, REDIS_URL, SMTP_URL }: StackAddresses,
  siteUrl: string,
  faxFolder: string,
): Record<string, string> {
  const run = `demo-${Date.now().toString(36)}`;
  return {
    KAFKA_BROKERS,
    KAFKA_TOPIC_PREFIX: `${run}.`,
    KAFKA_GROUP_ID: run,
    REDIS_URL,
    REDIS_KEY_PREFIX: `${run}:`,
    SMTP_URL,
    SEAL_KEYS: `demo:${randomBytes(32).toString('base64')}`,
    SITE_URL: siteUrl,
    FAX_DOCUMENTS_URL: pathToFileURL(faxFolder).href,
    SETTINGS_API_TOKENS: `demo:${DEMO_TOKEN}`,
    VOICE_TOKENS: `demo:${DEMO_TOKEN}`,
    LOG_LEVEL: 'info',
  };
}
