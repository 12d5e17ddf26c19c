import { serversStatus, STACK_FOLDER, type StackAddresses } from '../../tools/stack/servers.ts';

// `npm test` sets the addresses of its own servers; a single spec uses those of `npm run stack -- up`.
const running = await serversStatus(STACK_FOLDER);

/** Where a file's own servers are, if it does not run on those of all: for the test itself, which comes without login. */
let own: Partial<StackAddresses> = {};

/** Makes this file's tests use other servers; what is not named stays. */
export function useServers(addresses: Partial<StackAddresses>): void {
  own = addresses;
}

function address(name: keyof StackAddresses): string {
  const value = own[name] ?? process.env[name] ?? running?.[name];
  if (value === undefined)
    throw new Error(
      `${name} is not set and this checkout's servers are not up: run \`npm run stack -- up\` and try again, ` +
        'or run everything with `npm test`.',
    );
  return value;
}

/** Kafka's brokers, each as `host:port`. */
export function kafkaBrokers(): string[] {
  return address('KAFKA_BROKERS').split(',');
}

/** Redis, as `redis://host:port`; every test uses its own key prefix. */
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
