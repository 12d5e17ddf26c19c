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
import { smtpOptions } from './smtp-options.ts';
import { Turns } from './turns.ts';

/** `ce_source` of what the notifier publishes. */
const SOURCE = 'denwa-notify';

/**
 * How long a process that ends waits for answers to its messages. A mail server may take ten minutes, whoever stops a
 * process grants some 30 s: what is not answered by then is in doubt, and written down as that.
 */
const DRAIN_MS = 20_000;

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
  const turns = new Turns(environment.SMTP_CONNECTIONS);
  const sender = createSmtpSender({
    ...smtpOptions(environment, brands, metrics, logger),
    onSilent: (error) => gate.mailUnavailable(error),
    onSlow: (mails) => turns.slow(mails),
  });
  const gate = createGate(environment.SMTP_CONNECTIONS, { sender, redis, turns, metrics, logger });
  const work = {
    gate,
    turns: turns.limit,
    working: new Map(),
    background: new Set<Promise<unknown>>(),
    metrics,
  };
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
    close: () => closeInOrder(work.background, sender, claims, gate),
  };
}

async function closeInOrder(
  background: ReadonlySet<Promise<unknown>>,
  sender: MailSender,
  claims: LiveClaims,
  gate: LaneGate,
): Promise<void> {
  await drained(background);
  await sender.close(0);
  await Promise.allSettled(background);
  claims.stop();
  gate.close();
}

/** Resolves when all of `work` is done, or after `DRAIN_MS`. */
async function drained(work: ReadonlySet<Promise<unknown>>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, DRAIN_MS);
  await Promise.race([Promise.allSettled(work), late.promise]);
  clearTimeout(timer);
}

interface Watched {
  readonly sender: MailSender;
  readonly redis: RedisConnection;
  readonly turns: Turns;
  readonly metrics: DeliveryMetrics;
  readonly logger: Logger;
}

function createGate(connections: number, { sender, redis, turns, metrics, logger }: Watched): LaneGate {
  return new LaneGate({
    probe: { smtp: () => sender.probe(), redis: () => redis.probe().then(() => undefined) },
    connections,
    allowConnections: (allowed) => {
      turns.allow(allowed);
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
