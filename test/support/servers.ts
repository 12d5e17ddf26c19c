import { serversStatus, STACK_FOLDER, type StackAddresses } from '../../tools/stack/servers.ts';

// `npm test` names its own servers; a single spec uses those that `npm run stack -- up` left running.
const running = await serversStatus(STACK_FOLDER);

function address(name: keyof StackAddresses): string {
  const value = process.env[name] ?? running?.[name];
  if (value === undefined)
    throw new Error(
      `${name} is not set and this checkout's servers are not up: run \`npm run stack -- up\` and repeat, ` +
        'or run everything by `npm test`.',
    );
  return value;
}

/** Kafka's brokers, `host:port` each. */
export function kafkaBrokers(): string[] {
  return address('KAFKA_BROKERS').split(',');
}

/** Redis, as `redis://host:port`; every test keeps to a prefix of its own. */
export function redisUrl(): string {
  return address('REDIS_URL');
}

/** The inbox's mail server, as `smtp://host:port`. */
export function smtpUrl(): string {
  return address('SMTP_URL');
}

/** The inbox's web page and REST API, as `http://host:port`. */
export function inboxUrl(): string {
  return address('INBOX_URL');
}
