import type { Registry } from 'prom-client';
import { collectHasherLoad, createPasswordHasher, MESSAGES_DUE } from '#access';
import {
  createPublisher,
  createRequestPublisher,
  type KafkaConnection,
  type Publisher,
  type RequestPublisher,
} from '#kafka';
import { BRANDS_DIR, loadBrands } from '#mail';
import { collectBacklog, type Backlog } from '#metrics';
import { ACTIONS_UNTOLD, createActionLog, type TellActionsDeps } from '#operations';
import type { Logger } from '#platform';
import {
  collectRedisMetrics,
  connectRedis,
  createAccessStore,
  createActionOutbox,
  createIdempotencyKeys,
  createSettingsRepository,
  createTestMailLimits,
  PARTS_OF,
  type ActionOutbox,
  type RedisConnection,
} from '#redis';
import { ipPhoneCommandSender, publishAccessMail, SWITCH_UNTOLD, type TellDeps } from '#settings';
import { keepFaxes } from './faxes/keep-faxes.ts';
import { isWorthKeeping, keepOutcomes } from './outcomes/keep-outcomes.ts';
import { openHistory, type OpenHistory } from './outcomes/open-history.ts';
import { createRecentOutcomes, type RecentOutcomes } from './outcomes/recent-outcomes.ts';
import type { SettingsParts } from './settings.module.ts';
import type { SettingsEnvironment } from './settings-environment.ts';

/** What the settings app is made of, and how to let go of it. */
export interface OpenParts {
  readonly parts: SettingsParts;
  /** What was read last for the history, for the operator's pages. */
  readonly recent: RecentOutcomes;
  /** What waits to be told to others. */
  readonly backlogs: {
    readonly switchUntold: () => Promise<Backlog>;
    readonly messagesDue: () => Promise<Backlog>;
    readonly actionsUntold: () => Promise<Backlog>;
  };
  /** What the switch is told by (V5). */
  readonly telling: TellDeps;
  /** What Kafka is told of operators by (O6). */
  readonly actions: TellActionsDeps;
  readonly publisher: Publisher;
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
    parts: PARTS_OF.settings,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
}

/** What keeps outcomes and FAXes in the history, and the newest outcomes for the operator's pages. */
function keepers(
  { outcomes, faxes, evictor }: OpenHistory,
  recent: RecentOutcomes,
  registry: Registry,
): Pick<SettingsParts, 'keepOutcomes' | 'keepFaxes'> {
  const keep = keepOutcomes({ history: outcomes, evictor, registry });
  return {
    keepOutcomes: async (items) => {
      await keep(items);
      recent.add(items.filter(isWorthKeeping));
    },
    keepFaxes: keepFaxes({ faxes, evictor, registry }),
  };
}

/** What publishes mails and commands on request. */
function mailParts(
  { SEAL_KEYS: sealKeys }: SettingsEnvironment,
  redis: RedisConnection,
  publisher: RequestPublisher,
): Pick<
  SettingsParts,
  'publishAccessMail' | 'sealKeys' | 'sendCommand' | 'testMailLimits' | 'idempotencyKeys'
> {
  return {
    publishAccessMail: publishAccessMail({ publisher, sealKeys }),
    sealKeys,
    sendCommand: ipPhoneCommandSender(publisher, Date.now),
    testMailLimits: createTestMailLimits(redis),
    idempotencyKeys: createIdempotencyKeys(redis),
  };
}

interface Backlogged {
  readonly repository: ReturnType<typeof createSettingsRepository>;
  readonly accessStore: ReturnType<typeof createAccessStore>;
}

function measuredBacklogs(
  registry: Registry,
  { repository, accessStore }: Backlogged,
  actions: Pick<ActionOutbox, 'backlog'>,
): OpenParts['backlogs'] {
  const backlogs = {
    switchUntold: () => repository.outbox.backlog(),
    messagesDue: () => accessStore.backlog(),
    actionsUntold: () => actions.backlog(),
  };
  collectBacklog(registry, MESSAGES_DUE, backlogs.messagesDue);
  collectBacklog(registry, SWITCH_UNTOLD, backlogs.switchUntold);
  collectBacklog(registry, ACTIONS_UNTOLD, backlogs.actionsUntold);
  return backlogs;
}

/** Begins to connect to Redis; Kafka is connected to with the first mail. */
export function openParts(
  environment: SettingsEnvironment,
  { kafka, registry, logger }: Surroundings,
): OpenParts {
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const redis = openRedis(environment, logger);
  const repository = createSettingsRepository(redis);
  const accessStore = createAccessStore(redis);
  const history = openHistory(environment, redis, logger);
  const publisher = createPublisher(kafka);
  const hasher = createPasswordHasher();
  const actions = createActionOutbox(redis);
  const recent = createRecentOutcomes(Date.now);
  collectRedisMetrics(registry, redis);
  collectHasherLoad(registry, hasher);
  return {
    parts: {
      repository,
      brands,
      accessStore,
      hasher,
      ...mailParts(environment, redis, createRequestPublisher(publisher)),
      outcomeHistory: history.outcomes,
      ...keepers(history, recent, registry),
      actionLog: createActionLog({ outbox: actions, now: Date.now }),
      logger,
      now: Date.now,
    },
    recent,
    backlogs: measuredBacklogs(registry, { repository, accessStore }, actions),
    actions: { outbox: actions, publisher },
    publisher,
    telling: { outbox: repository.outbox, publisher, now: Date.now },
    redis,
    history,
    close: async () => {
      for (const open of [publisher, repository, accessStore, history, redis]) await open.close();
    },
  };
}
