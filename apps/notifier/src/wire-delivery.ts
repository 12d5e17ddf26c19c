import {
  CircuitBreaker,
  deliver,
  InFlightSends,
  LiveClaims,
  RecordTraces,
  SendLimit,
  type DeliveryMetrics,
  type DeliveryDeps,
} from '#delivery';
import { openSecret } from '#events';
import {
  createDeadLetters,
  createOutcomeLog,
  createRetryQueue,
  createSwitchCommands,
  type Publisher,
} from '#kafka';
import {
  COMPILED_TEMPLATES_DIR,
  createComposer,
  createSmtpSender,
  type Brands,
  type MailSender,
} from '#mail';
import type { Logger, Traces } from '#platform';
import { createFaultStates, createLedger, createSettingsStore, type RedisConnection } from '#redis';
import { deadlinesOfBrand, DEFAULT_DEADLINES } from '#rules';
import { closeInOrder } from './close-in-order.ts';
import type { DeliverBatch } from './lane-controllers.ts';
import type { NotifierEnvironment } from './notifier-environment.ts';
import { smtpOptions } from './smtp-options.ts';

/** `ce_source` of what the notifier publishes. */
const SOURCE = 'denwa-notify';

/** The delivery pipeline with everything it needs, and what has to be closed after it. */
export interface WiredDelivery extends DeliverBatch {
  readonly breaker: CircuitBreaker;
  /** Waits for sends that go on after their record was parked, up to `drainMs`, then closes the mail connections. */
  close(drainMs: number): Promise<void>;
}

/** What is seen of deliveries. */
interface Observing {
  readonly metrics: DeliveryMetrics;
  readonly logger: Logger;
  readonly traces: Traces | undefined;
}

/** Assembles the delivery pipeline from the brands and servers of this installation. */
export function wireDelivery(
  environment: NotifierEnvironment,
  brands: Brands,
  redis: RedisConnection,
  publisher: Publisher,
  { metrics, logger, traces }: Observing,
): WiredDelivery {
  const limit = new SendLimit(environment.SMTP_CONNECTIONS);
  const sender = createSmtpSender({
    ...smtpOptions(environment, brands, metrics, logger),
    onSilent: (error) => breaker.mailUnavailable(error),
    onSlow: (mails) => limit.setSlowMails(mails),
  });
  const breaker = createBreaker(environment.SMTP_CONNECTIONS, { sender, redis, limit, metrics, logger });
  const inFlight = new InFlightSends();
  const ending = new AbortController();
  const stores = storesIn(redis);
  const claims = new LiveClaims(stores.ledger, breaker, logger);
  claims.start();
  const deps: DeliveryDeps = {
    stores,
    publishing: publishingTo(publisher, environment.KAFKA_TOPIC_PREFIX),
    installation: installationOf(environment, brands),
    mailing: { sender, compose: composeFor(environment, brands), limit },
    flow: { breaker, claims, inProgress: new Map(), inFlight, ending: ending.signal },
    telemetry: { metrics, log: logger, traces: new RecordTraces(traces) },
    now: Date.now,
  };
  return {
    breaker,
    deliver: (batch) => deliver(deps, batch),
    close: (drainMs) => closeInOrder({ inFlight, sender, claims, breaker, ending }, drainMs),
  };
}

interface Watched {
  readonly sender: MailSender;
  readonly redis: RedisConnection;
  readonly limit: SendLimit;
  readonly metrics: DeliveryMetrics;
  readonly logger: Logger;
}

function createBreaker(
  connections: number,
  { sender, redis, limit, metrics, logger }: Watched,
): CircuitBreaker {
  return new CircuitBreaker({
    probe: { smtp: () => sender.probe(), redis: () => redis.probe().then(() => undefined) },
    connections,
    allowConnections: (allowed) => {
      limit.setConnections(allowed);
      sender.setConnectionLimit(allowed);
    },
    metrics,
    log: logger,
    now: Date.now,
  });
}

function storesIn(redis: RedisConnection): DeliveryDeps['stores'] {
  return {
    settings: createSettingsStore(redis),
    ledger: createLedger(redis),
    faults: createFaultStates(redis),
  };
}

function publishingTo(publisher: Publisher, topicPrefix: string): DeliveryDeps['publishing'] {
  return {
    outcomes: createOutcomeLog(publisher, SOURCE),
    retries: createRetryQueue(publisher, topicPrefix),
    deadLetters: createDeadLetters(publisher, topicPrefix),
    commands: createSwitchCommands(publisher, SOURCE),
  };
}

function installationOf({ SEAL_KEYS }: NotifierEnvironment, brands: Brands): DeliveryDeps['installation'] {
  const deadlines = new Map([...brands].map(([id, brand]) => [id, deadlinesOfBrand(brand.deadlines)]));
  return {
    openSecret: (event) => openSecret(event, SEAL_KEYS),
    deadlinesOf: (brand) => (brand === undefined ? undefined : deadlines.get(brand)) ?? DEFAULT_DEADLINES,
    knownBrand: (brand) => brands.has(brand),
  };
}

function composeFor({ SEAL_KEYS }: NotifierEnvironment, brands: Brands): DeliveryDeps['mailing']['compose'] {
  const composer = createComposer({
    templatesDir: COMPILED_TEMPLATES_DIR,
    brands,
    tokenKey: SEAL_KEYS[0].key,
    now: Date.now,
  });
  return (content, event, address) => composer.compose(content, event.brand, address);
}
