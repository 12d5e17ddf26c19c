import type { INestApplication } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { createPasswordHasher, keepSendingDueMessages } from '#access';
import { FAX_EVENTS_TOPIC, OUTCOMES_TOPIC } from '#events';
import { createPublisher, ensureTopics, KafkaBatchStrategy, type KafkaConnection } from '#kafka';
import { BRANDS_DIR, loadBrands } from '#mail';
import {
  createRegistry,
  kafkaAccess,
  programVersion,
  untilItWorks,
  type EnvironmentWith,
  type Logger,
} from '#platform';
import {
  checkDurability,
  connectRedis,
  createAccessStore,
  createIdempotencyKeys,
  createSettingsRepository,
  createTestMailLimits,
  lookForRedis,
  type RedisConnection,
} from '#redis';
import { longestDeadlines } from '#rules';
import {
  accessMailSender,
  collectUntold,
  ipPhoneCommandSender,
  keepSettlingEdits,
  keepTellingSwitch,
  publishAccessMail,
  type TellDeps,
} from '#settings';
import { collectAwayMetrics, collectHistoryAway } from './away-metrics.ts';
import { createApp, type AppOptions } from './create-app.ts';
import { keepFaxes } from './faxes/keep-faxes.ts';
import { keepOutcomes } from './outcomes/keep-outcomes.ts';
import { openHistory, type OpenHistory } from './outcomes/open-history.ts';
import type { SettingsParts } from './settings.module.ts';

/** The variables that the settings API requires, besides those with defaults. */
export const REQUIRED = ['KAFKA_BROKERS', 'REDIS_URL', 'SEAL_KEYS', 'SETTINGS_API_TOKENS'] as const;
export type SettingsEnvironment = EnvironmentWith<(typeof REQUIRED)[number]>;

/** A running settings API. */
export interface SettingsApi {
  readonly url: string;
  /** Answers what was asked, then closes the connections. */
  close(): Promise<void>;
}

/** How long to wait for the history's Redis before reporting it as unavailable; then the wait begins again. */
const HISTORY_LOOK_MS = 1_000;
/** Longer than Kafka needs to elect a leader, shorter than a client's patience. */
const KAFKA_ANSWER_MS = 10_000;

/**
 * Starts the settings API and its history, also while Kafka or Redis is unavailable. Rejects with brands that cannot be
 * read. `onFatal` is called for a Redis that would forget or is not what its URL says, of topics that cannot hold the
 * promise and of credentials that Kafka refuses: the process has to end.
 */
export async function startSettings(
  environment: SettingsEnvironment,
  logger: Logger,
  onFatal: (error: Error) => void,
): Promise<SettingsApi> {
  const kafka = { ...kafkaAccess(environment), clientId: 'denwa-notify-settings', log: logger };
  const registry = createRegistry({ app: 'settings', version: programVersion() });
  const { parts, telling, redis, history, close } = openParts(environment, { kafka, registry, logger });
  const historyLane = new KafkaBatchStrategy({
    connection: kafka,
    groupId: `${environment.KAFKA_GROUP_ID}-history`,
    topics: [OUTCOMES_TOPIC, FAX_EVENTS_TOPIC],
  });
  const app = await createApp({
    parts,
    tokens: environment.SETTINGS_API_TOKENS,
    ...healthOf(registry, { redis, history }, historyLane),
  });
  app.connectMicroservice({ strategy: historyLane }, { inheritAppConfig: false });
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  // Kafka and Redis may be unavailable: each request reports that by itself, and only the history waits for Kafka.
  const closing = new AbortController();
  const { signal } = closing;
  const deadlines = longestDeadlines([...parts.brands.values()].map((brand) => brand.deadlines));
  const joined = joinHistory(app, kafka, { create: environment.KAFKA_CREATE_TOPICS, deadlines }, signal);
  const checked = Promise.all([checkRedis({ redis, history }, logger, signal), joined]);
  checked.catch((error: Error) => signal.aborted || onFatal(error));
  collectUntold(registry, telling.outbox);
  const working = keepWorking({ parts, telling }, logger, signal);
  return {
    url: await app.getUrl(),
    close: async () => {
      closing.abort();
      await app.close();
      await working;
      await close();
    },
  };
}

/**
 * Tells subscribers what was done to their logins (O4), and the switch what is saved (V5); finishes what a process that
 * died has left of a CSV (C14). Resolves after the signal.
 */
async function keepWorking(
  { parts, telling }: Pick<OpenParts, 'parts' | 'telling'>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { accessStore: store, publishAccessMail: publish, sendCommand, repository, now } = parts;
  const messages = { store, sendMail: accessMailSender(publish, now), sendCommand };
  const warn =
    (message: string) =>
    (error: Error): void =>
      logger.warn({ err: error }, message);
  const onMessages = warn('What is to be told about changed logins cannot be published, and waits');
  const onSwitch = warn('What is saved cannot be told to the switch, and waits');
  const onEdits = warn('Settings of many numbers whose change was interrupted cannot be finished, and wait');
  await Promise.all([
    keepSendingDueMessages(messages, { signal, onTrouble: onMessages }),
    keepTellingSwitch(telling, { signal, onTrouble: onSwitch }),
    keepSettlingEdits(repository, { signal, onTrouble: onEdits }),
  ]);
}

/** The checks and metrics behind `/readyz` and `/metrics`. */
function healthOf(
  registry: Registry,
  { redis, history }: Pick<OpenParts, 'redis' | 'history'>,
  lane: KafkaBatchStrategy,
): Pick<AppOptions, 'checks' | 'registry' | 'version'> {
  const checks = {
    redis: () => redis.probe().then(() => undefined),
    kafka: () => lane.ready().reasons.join('; ') || undefined,
  };
  collectAwayMetrics(registry, checks);
  collectHistoryAway(registry, () => history.probe().then(() => undefined));
  return { checks, registry, version: programVersion() };
}

/** Resolves when Redis was there and would forget nothing, and the history's own could keep it; rejects when not. */
async function checkRedis(
  { redis, history }: Pick<OpenParts, 'redis' | 'history'>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const waitingFor =
    (what: string) =>
    ({ message }: Error): void =>
      logger.info({ reason: message }, `Waiting for ${what}`);
  await untilItWorks(() => lookForRedis(redis), { signal, onFailure: waitingFor('Redis') });
  const onFailure = waitingFor('the Redis of the history');
  await untilItWorks(() => history.check(HISTORY_LOOK_MS), { signal, onFailure });
}

async function joinHistory(
  app: INestApplication,
  kafka: KafkaConnection,
  topics: Parameters<typeof ensureTopics>[1],
  signal: AbortSignal,
): Promise<void> {
  const onFailure = ({ message }: Error): void => kafka.log.info({ reason: message }, 'Waiting for Kafka');
  if (topics.create) await untilItWorks(() => ensureTopics(kafka, topics), { signal, onFailure });
  await app.startAllMicroservices();
}

interface OpenParts {
  readonly parts: SettingsParts;
  /** What the switch is told by (V5). */
  readonly telling: TellDeps;
  readonly redis: RedisConnection;
  readonly history: OpenHistory;
  readonly close: () => Promise<void>;
}

interface Surroundings {
  readonly kafka: KafkaConnection;
  readonly registry: Registry;
  readonly logger: Logger;
}

function openRedis({ REDIS_URL, REDIS_KEY_PREFIX }: SettingsEnvironment, logger: Logger): RedisConnection {
  return connectRedis({
    urls: REDIS_URL,
    keyPrefix: REDIS_KEY_PREFIX,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
}

/** Begins to connect to Redis; Kafka is connected to with the first mail. */
function openParts(environment: SettingsEnvironment, { kafka, registry, logger }: Surroundings): OpenParts {
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const redis = openRedis(environment, logger);
  const durability = (): ReturnType<typeof checkDurability> => checkDurability(redis);
  const repository = createSettingsRepository(redis, durability);
  const accessStore = createAccessStore(redis, durability);
  const history = openHistory(environment, redis, logger);
  const publisher = createPublisher(kafka);
  const { SEAL_KEYS: sealKeys } = environment;
  return {
    parts: {
      repository,
      brands,
      accessStore,
      hasher: createPasswordHasher(),
      publishAccessMail: publishAccessMail({ publisher, sealKeys, withinMs: KAFKA_ANSWER_MS }),
      sendCommand: ipPhoneCommandSender({ publisher, withinMs: KAFKA_ANSWER_MS }, Date.now),
      testMailLimits: createTestMailLimits(redis),
      idempotencyKeys: createIdempotencyKeys(redis),
      outcomeHistory: history.outcomes,
      keepOutcomes: keepOutcomes({ history: history.outcomes, evictor: history.evictor, registry }),
      keepFaxes: keepFaxes({ faxes: history.faxes, evictor: history.evictor, registry }),
      logger,
      now: Date.now,
    },
    telling: { outbox: repository.outbox, publisher, now: Date.now },
    redis,
    history,
    close: async () => {
      for (const open of [publisher, repository, accessStore, history, redis]) await open.close();
    },
  };
}
