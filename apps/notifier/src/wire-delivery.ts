import { hostname } from 'node:os';
import pLimit, { type LimitFunction } from 'p-limit';
import { deliver, LaneGate, LiveClaims, type DeliveryMetrics, type DeliveryParts } from '#delivery';
import { openSecret } from '#events';
import {
  createDeadLetters,
  createOutcomeLog,
  createRetryQueue,
  createSwitchCommands,
  type Publisher,
} from '#kafka';
import {
  BRANDS_DIR,
  COMPILED_TEMPLATES_DIR,
  createComposer,
  clientName,
  createSmtpSender,
  loadBrands,
  type Brands,
  type MailSender,
} from '#mail';
import type { Logger } from '#platform';
import { createFaultStates, createLedger, createSettingsStore, type RedisConnection } from '#redis';
import { deadlinesOfBrand, DEFAULT_DEADLINES } from '#rules';
import type { DeliverBatch } from './deliver-batch.ts';
import type { NotifierEnvironment } from './notifier-environment.ts';

/** `ce_source` of what the notifier publishes. */
const SOURCE = 'denwa-notify';

/** One whose message is being taken, and the next one, whose envelope stands behind that. */
const MAILS_ON_A_CONNECTION = 2;

/** The way of an event with everything it needs, and what has to be closed after it. */
export interface WiredDelivery extends DeliverBatch {
  readonly gate: LaneGate;
  /** Waits for sends that go on after their record was parked, then closes the mail connections. */
  close(): Promise<void>;
}

/** Puts the way of an event together from the servers of this installation. */
export function wireDelivery(
  environment: NotifierEnvironment,
  redis: RedisConnection,
  publisher: Publisher,
  metrics: DeliveryMetrics,
  logger: Logger,
): WiredDelivery {
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const sender = wireSender(environment, brands, metrics, logger);
  const turns = pLimit(environment.SMTP_CONNECTIONS * MAILS_ON_A_CONNECTION);
  const gate = createGate(environment.SMTP_CONNECTIONS, { sender, redis, turns, metrics, logger });
  const work = { gate, turns, working: new Map(), background: new Set<Promise<unknown>>(), metrics };
  const stores = wireRedis(redis);
  const claims = new LiveClaims(stores.ledger, gate);
  claims.start();
  const parts: DeliveryParts = {
    ...stores,
    claims,
    ...wireKafka(publisher, environment.KAFKA_TOPIC_PREFIX),
    ...wireMail(environment, sender, brands),
    ...work,
    log: logger,
    now: Date.now,
  };
  return {
    gate,
    deliver: (batch) => deliver(parts, batch),
    close: async () => {
      await Promise.allSettled(work.background);
      claims.stop();
      gate.close();
      await sender.close();
    },
  };
}

function wireSender(
  { SMTP_URL, SMTP_CONNECTIONS, SMTP_CLIENT_NAME }: NotifierEnvironment,
  brands: ReturnType<typeof loadBrands>,
  metrics: DeliveryMetrics,
  logger: Logger,
): MailSender {
  return createSmtpSender({
    server: SMTP_URL,
    clientName: SMTP_CLIENT_NAME ?? clientName(hostname(), brands),
    connections: SMTP_CONNECTIONS,
    onTlsFailed: (error) => {
      metrics.tlsFallbacks.inc();
      logger.warn({ err: error }, 'STARTTLS of the mail server is broken: mail goes in clear text');
    },
  });
}

interface Watched {
  readonly sender: MailSender;
  readonly redis: RedisConnection;
  readonly turns: LimitFunction;
  readonly metrics: DeliveryMetrics;
  readonly logger: Logger;
}

function createGate(connections: number, { sender, redis, turns, metrics, logger }: Watched): LaneGate {
  return new LaneGate({
    probe: { smtp: () => sender.probe(), redis: () => redis.probe().then(() => undefined) },
    connections,
    allowConnections: (allowed) => {
      turns.concurrency = allowed * MAILS_ON_A_CONNECTION;
      sender.setConnectionLimit(allowed);
    },
    metrics,
    log: logger,
    now: Date.now,
  });
}

function wireRedis(redis: RedisConnection): Pick<DeliveryParts, 'settings' | 'ledger' | 'faults'> {
  return {
    settings: createSettingsStore(redis),
    ledger: createLedger(redis),
    faults: createFaultStates(redis),
  };
}

type KafkaParts = Pick<DeliveryParts, 'outcomes' | 'retries' | 'deadLetters' | 'commands'>;

function wireKafka(publisher: Publisher, topicPrefix: string): KafkaParts {
  return {
    outcomes: createOutcomeLog(publisher, SOURCE),
    retries: createRetryQueue(publisher, topicPrefix),
    deadLetters: createDeadLetters(publisher, topicPrefix),
    commands: createSwitchCommands(publisher, SOURCE),
  };
}

type MailParts = Pick<DeliveryParts, 'sender' | 'compose' | 'openSecret' | 'deadlinesOf' | 'knownBrand'>;

function wireMail({ SEAL_KEYS }: NotifierEnvironment, sender: MailSender, brands: Brands): MailParts {
  const composer = createComposer({
    templatesDir: COMPILED_TEMPLATES_DIR,
    brands,
    tokenKey: SEAL_KEYS[0].key,
    now: Date.now,
  });
  const deadlines = new Map([...brands].map(([id, brand]) => [id, deadlinesOfBrand(brand.deadlines)]));
  return {
    sender,
    compose: (content, event, address) => composer.compose(content, event.brand, address),
    openSecret: (event) => openSecret(event, SEAL_KEYS),
    deadlinesOf: (brand) => (brand === undefined ? undefined : deadlines.get(brand)) ?? DEFAULT_DEADLINES,
    knownBrand: (brand) => brands.has(brand),
  };
}
