import { encodeEvent, type EventData, type EventType, type RawRecord, type SealKey } from '#events';
import { createPublisher, followTopic, type KafkaConnection, type Publisher } from '#kafka';
import type { Logger } from '#platform';
import { checkDurability, connectRedis, createSettingsRepository } from '#redis';
import type { SettingsRepository } from '#settings';
import { EMPTY_CALL_NOTICE, type CallNotice } from '#rules';
import { REQUIRED } from '../../apps/notifier/src/notifier-environment.ts';
import { startNotifier, type Notifier } from '../../apps/notifier/src/start-notifier.ts';
import { ensureTemplates } from '../../libs/mail/build-templates.ts';
import { watchOutcomes, type Outcome } from '../../tools/watch-outcomes.ts';
import { appVariables } from './app-variables.ts';
import { asProgram } from './as-program.ts';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { testEnvironment, testLogger } from './run-log.ts';
import { kafkaBrokers, smtpUrl } from './servers.ts';
import { uniqueName } from './unique-name.ts';

/** The key that a story's notifier opens sealed secrets with. */
export const STORY_KEY: SealKey = { id: 'test', key: Buffer.alloc(32, 7) };

/** What an acceptance test works with: its own topics and keys on the test servers, and notifiers. */
export interface Story {
  readonly connection: KafkaConnection;
  readonly publisher: Publisher;
  readonly settings: SettingsRepository;
  readonly environment: Readonly<Record<string, string>>;
  /** Publishes an event; resolves with its id, which is `id` or a new one. */
  happens<T extends EventType>(type: T, key: string, data: EventData<T>, id?: string): Promise<string>;
  /** Resolves with an event's outcome of at least this sequence when it is published. */
  outcomeOf(id: string, sequence?: number): Promise<Outcome>;
  /** The notifiers started so far. */
  readonly notifiers: readonly Notifier[];
  /** All outcomes published so far, including repeats. */
  readonly outcomes: readonly Outcome[];
  /** Follows a topic from its beginning; the list keeps growing. */
  follow(topic: string): Promise<readonly RawRecord[]>;
  /** Starts another notifier, which is closed after the file, if not before. */
  startNotifier(more?: Readonly<Record<string, string>>): Promise<Notifier>;
}

/** Begins a story with one notifier; closed after the file. Log lines go to `lines`, or to standard output. */
export async function beginStory(
  more: Readonly<Record<string, string>> = {},
  lines?: string[],
): Promise<Story> {
  const name = uniqueName('story');
  const environment = { ...storyEnvironment(name), ...more };
  const log = errorsInto(lines);
  const connection = { brokers: kafkaBrokers(), clientId: name, ssl: false, topicPrefix: `${name}.`, log };
  const publisher = createPublisher(connection);
  closeLater(() => publisher.close());
  const outcomes: Outcome[] = [];
  const notifiers: Notifier[] = [];
  const story: Story = {
    connection,
    publisher,
    settings: await openSettings(environment.REDIS_URL, environment.REDIS_KEY_PREFIX),
    environment,
    outcomes,
    notifiers,
    happens: async (type, key, data, id = uniqueName('event')) => {
      await publisher.publish([encodeEvent({ type, source: '/switch', id, time: Date.now(), key, data })]);
      return id;
    },
    outcomeOf: (id, sequence = 1) =>
      eventually(() => outcomes.find((item) => item.eventId === id && item.sequence >= sequence)),
    follow: (topic) => follow(connection, topic),
    startNotifier: async (extra = {}) => {
      const notifier = await joinedNotifier({ ...environment, ...extra }, log);
      notifiers.push(notifier);
      return notifier;
    },
  };
  await story.startNotifier();
  const watching = await watchOutcomes(connection, (outcome) => void outcomes.push(outcome));
  closeLater(() => watching.close());
  return story;
}

/** Writes a line with one number and its call notice; conditions are off unless given. */
export async function subscribe(
  { settings }: Story,
  number: string,
  notice: Partial<CallNotice> & { readonly to: readonly string[] },
): Promise<void> {
  const { to, ...rest } = notice;
  await settings.putLine({ lineNumber: number, brand: 'ntt-east', contractor: '', numbers: [number] });
  await settings.putSection(number, 'callNotice', {
    ...EMPTY_CALL_NOTICE,
    enabled: true,
    recipients: to.map((address) => ({ address, enabled: true })),
    ...rest,
  });
}

/** The time this many seconds ago, as events write it. */
export function secondsAgo(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}

type OneTimePassword = Omit<Extract<EventData<'access-mail.v1'>, { sealed: string }>, 'kind' | 'sealed'> & {
  readonly kind: 'one-time-password';
};

/** The data of a valid one-time password without its sealed code; `times` replace the usual ones. */
export function aOneTimePassword(
  number: string,
  recipient: string,
  times: { readonly issuedAt?: string; readonly expiresAt?: string } = {},
): OneTimePassword {
  return {
    kind: 'one-time-password',
    number,
    brand: 'ntt-east',
    recipient,
    issuedAt: secondsAgo(1),
    expiresAt: secondsAgo(-290),
    ...times,
  };
}

/** The data of a recent unanswered call; `facts` override it. */
export function aCall(number: string, facts: Partial<EventData<'call.v1'>> = {}): EventData<'call.v1'> {
  return {
    lineNumber: number,
    calledNumber: number,
    caller: { number: '09012345678' },
    startedAt: secondsAgo(15),
    ringSeconds: 12,
    outcome: 'unanswered',
    ...facts,
  };
}

/** Starts a notifier that is closed after the test file; resolves when it has joined its groups. */
export async function joinedNotifier(
  environment: Readonly<Record<string, string>>,
  log: Logger,
): Promise<Notifier> {
  await ensureTemplates();
  const variables = await asProgram('notifier', environment);
  const notifier = await startNotifier(testEnvironment(REQUIRED, variables), log, (error) => {
    throw error;
  });
  closeLater(() => notifier.close());
  await notifier.joined;
  return notifier;
}

function errorsInto(lines: string[] | undefined): Logger {
  const destination = { write: (line: string): unknown => lines?.push(line) ?? process.stdout.write(line) };
  return testLogger({ app: 'test', level: 'error', destination });
}

function storyEnvironment(name: string) {
  return {
    ...appVariables(`${name}.`),
    SMTP_URL: smtpUrl(),
    SEAL_KEYS: `${STORY_KEY.id}:${STORY_KEY.key.toString('base64')}`,
    LOG_LEVEL: 'error',
  };
}

async function openSettings(url: string, keyPrefix: string): Promise<SettingsRepository> {
  // What a busy machine takes for an answer decides nothing here.
  const redis = connectRedis({ urls: [url], keyPrefix, commandTimeoutMs: 10_000 });
  await redis.ready(10_000);
  const settings = createSettingsRepository(redis, await checkDurability(redis));
  closeLater(async () => {
    await settings.close();
    await redis.close();
  });
  return settings;
}

async function follow(connection: KafkaConnection, topic: string): Promise<readonly RawRecord[]> {
  const records: RawRecord[] = [];
  const following = await followTopic(connection, topic, (record) => void records.push(record));
  closeLater(() => following.close());
  return records;
}
