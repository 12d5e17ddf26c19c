import type { INestApplication } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { sendDueMessages } from '#access';
import { FAX_EVENTS_TOPIC, OUTCOMES_TOPIC } from '#events';
import { ensureTopics, KafkaBatchStrategy, type KafkaConnection } from '#kafka';
import { tellActions } from '#operations';
import {
  createRegistry,
  kafkaAccess,
  keepRepeating,
  openTraces,
  programVersion,
  untilItWorks,
  type Logger,
} from '#platform';
import { lookForRedis } from '#redis';
import { longestDeadlines } from '#rules';
import { accessMailSender, tellNews, tellWaiting } from '#settings';
import { collectAwayMetrics, collectHistoryAway } from './away-metrics.ts';
import { createApp, type AppOptions } from './create-app.ts';
import { keepLooking } from './ops/flow/watch-checks.ts';
import { openOps, type OpsSurroundings } from './ops/open-ops.ts';
import { openParts, type OpenParts } from './open-parts.ts';
import type { SettingsEnvironment } from './settings-environment.ts';

/** A running settings API. */
export interface SettingsApi {
  readonly url: string;
  /** Answers what was asked, then closes the connections. */
  close(): Promise<void>;
}

/** How long to wait for the history's Redis before reporting it as unavailable; then the wait begins again. */
const HISTORY_LOOK_MS = 1_000;

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
  const opened = openParts(environment, { kafka, registry, logger });
  const { parts, close } = opened;
  const historyLane = new KafkaBatchStrategy({
    connection: kafka,
    groupId: `${environment.KAFKA_GROUP_ID}-history`,
    topics: [OUTCOMES_TOPIC, FAX_EVENTS_TOPIC],
  });
  const health = healthOf(registry, opened, historyLane);
  const ops = openOps(environment, { kafka, registry, ...opsSurroundings(opened, health) });
  const traces = await openTraces(environment, 'settings', logger);
  const tokens = environment.SETTINGS_API_TOKENS;
  const app = await createApp({ parts, traces, tokens, ops: ops.options, ...health });
  app.connectMicroservice({ strategy: historyLane }, { inheritAppConfig: false });
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  // Kafka and Redis may be unavailable: each request reports that by itself, and only the history waits for Kafka.
  const closing = new AbortController();
  const { signal } = closing;
  const deadlines = longestDeadlines([...parts.brands.values()].map((brand) => brand.deadlines));
  const joined = joinHistory(app, kafka, { create: environment.KAFKA_CREATE_TOPICS, deadlines }, signal);
  const checked = Promise.all([checkRedis(opened, logger, signal), joined]);
  checked.catch((error: Error) => signal.aborted || onFatal(error));
  const working = Promise.all([keepWorking(opened, logger, signal), keepLooking(ops.watch, signal)]);
  return {
    url: await app.getUrl(),
    close: async () => {
      closing.abort();
      await app.close();
      await working;
      await Promise.all([close(), traces?.close()]);
    },
  };
}

/**
 * Tells subscribers what was done to their logins (O4), the switch what is saved (V5), and Kafka what operators did
 * (ADR 0033); finishes what a process that died has left of a CSV (C14). Resolves after the signal.
 */
async function keepWorking(
  { parts, telling, actions }: Pick<OpenParts, 'parts' | 'telling' | 'actions'>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { accessStore: store, publishAccessMail: publish, sendCommand, repository, now } = parts;
  const messages = { store, sendMail: accessMailSender(publish, now), sendCommand };
  const onMessages = (error: Error): void =>
    logger.warn({ err: error }, 'What is to be told about changed logins cannot be published, and waits');
  const onSwitch = (error: Error): void =>
    logger.warn({ err: error }, 'What is saved cannot be told to the switch, and waits');
  const onActions = (error: Error): void =>
    logger.warn({ err: error }, 'What operators did cannot be recorded in Kafka, and waits');
  const onEdits = (error: Error): void =>
    logger.warn(
      { err: error },
      'Settings of many numbers whose change was interrupted cannot be finished, and wait',
    );
  await Promise.all([
    keepRepeating(() => sendDueMessages(messages), { everyMs: 1_000, signal, onTrouble: onMessages }),
    tellNews(telling, signal),
    keepRepeating(() => tellWaiting(telling, signal), { everyMs: 1_000, signal, onTrouble: onSwitch }),
    keepRepeating(() => tellActions(actions, signal), { everyMs: 1_000, signal, onTrouble: onActions }),
    keepRepeating(() => repository.settleEdits(), { everyMs: 5_000, signal, onTrouble: onEdits }),
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
  const onMain = ({ message }: Error): void => logger.info({ reason: message }, 'Waiting for Redis');
  await untilItWorks(() => lookForRedis(redis), { signal, onFailure: onMain });
  const onFailure = ({ message }: Error): void =>
    logger.info({ reason: message }, 'Waiting for the Redis of the history');
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

/** What the operator's pages are given of what is open. */
function opsSurroundings(
  { parts, backlogs, recent, redis, history, publisher }: OpenParts,
  { checks }: Pick<AppOptions, 'checks'>,
): Omit<OpsSurroundings, 'kafka' | 'registry'> {
  const [brand] = parts.brands.values();
  if (!brand) throw new Error('expected at least one brand');
  return {
    parts,
    publisher,
    redis,
    history: history.redis,
    checks: { ...checks, history: () => history.probe().then(() => undefined) },
    backlogs,
    recent,
    words: brand.words,
  };
}
