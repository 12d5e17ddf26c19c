import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { EVENT_KINDS, SOURCE_TOPICS } from '#events';
import { RELAY_REFUSALS } from '#mail';
import { REASONS } from '#rules';
import { DEAD_LETTER_REASONS } from './ports.ts';

/** The result of a record from a source topic. */
const EVENT_RESULTS = ['decided', 'duplicate', 'malformed', 'seal-failed', 'internal-error'] as const;
export type EventResult = (typeof EVENT_RESULTS)[number];

/** The servers whose outages hold work back. */
const BREAKER_TARGETS = ['smtp', 'redis', 'kafka'] as const;

const SMTP_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
];
const DELIVERY_BUCKETS = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21_600, 86_400,
];

/**
 * A counter that is increased for each mail. prom-client hashes labels each time, so it gets the sums once per scrape.
 */
interface Tally<L extends string> {
  inc(labels: Readonly<Record<L, string>>): void;
}

export interface DeliveryMetrics {
  readonly events: Counter<'topic' | 'result'>;
  readonly decisions: Counter<'kind' | 'reason'>;
  readonly mails: Tally<'kind' | 'brand' | 'domain' | 'state'>;
  readonly replies: Tally<'domain' | 'code'>;
  readonly tlsFallbacks: Counter;
  readonly relayRefusals: Counter<'cause'>;
  readonly deadLetters: Counter<'reason'>;
  readonly smtpSeconds: Histogram;
  readonly deliverySeconds: Histogram<'kind'>;
  readonly inFlight: Gauge;
  readonly breakerOpen: Gauge<'target'>;
  readonly lastAccepted: Gauge<'kind'>;
}

/**
 * Declares the metrics of delivery (docs/runbook.md); closed label sets begin at zero. Whether Kafka is unavailable is
 * asked at each scrape: the consumers know, and no circuit breaker watches it.
 */
export function createDeliveryMetrics(registry: Registry, isKafkaAway = () => false): DeliveryMetrics {
  const registers = [registry];
  const metrics: DeliveryMetrics = {
    ...createCounters(registers),
    ...createHistograms(registers),
    inFlight: new Gauge({ name: 'notify_in_flight', help: 'Mails being sent now', registers }),
    breakerOpen: new Gauge({
      name: 'notify_breaker_open',
      help: '1 while work is held because the target is away',
      labelNames: ['target'],
      registers,
      collect() {
        this.set({ target: 'kafka' }, isKafkaAway() ? 1 : 0);
      },
    }),
    lastAccepted: new Gauge({
      name: 'notify_last_accepted_timestamp_seconds',
      help: 'When the mail server last took a mail',
      labelNames: ['kind'],
      registers,
    }),
  };
  beginAtZero(metrics);
  return metrics;
}

type Counters =
  'events' | 'decisions' | 'mails' | 'replies' | 'tlsFallbacks' | 'relayRefusals' | 'deadLetters';

function createCounters(registers: Registry[]): Pick<DeliveryMetrics, Counters> {
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers });
  return {
    events: counter('notify_events_total', 'Source records by what became of them', 'topic', 'result'),
    decisions: counter('notify_decisions_total', 'Events decided, by reason', 'kind', 'reason'),
    mails: tally(registers, 'notify_mails_total', 'Answers for recipients', [
      'kind',
      'brand',
      'domain',
      'state',
    ]),
    replies: tally(registers, 'notify_smtp_replies_total', 'Answers of the mail server by code', [
      'domain',
      'code',
    ]),
    tlsFallbacks: counter(
      'notify_smtp_tls_fallbacks_total',
      "Times that the relay's STARTTLS failed and mail went in clear text",
    ),
    relayRefusals: counter(
      'notify_smtp_relay_refusals_total',
      'Mails put off because the relay refuses us, whoever they are for',
      'cause',
    ),
    deadLetters: counter('notify_dlq_total', 'Records kept as dead letters', 'reason'),
  };
}

function tally<L extends string>(
  registers: Registry[],
  name: string,
  help: string,
  labelNames: L[],
): Tally<L> {
  const sums = new Map<string, { readonly labels: Readonly<Record<L, string>>; count: number }>();
  new Counter({
    name,
    help,
    labelNames,
    registers,
    collect() {
      for (const sum of sums.values()) {
        this.inc(sum.labels, sum.count);
        sum.count = 0;
      }
    },
  });
  return {
    inc(labels) {
      let key = '';
      for (const label of labelNames) key += `${labels[label]}\n`;
      const sum = sums.get(key);
      if (sum) sum.count += 1;
      else sums.set(key, { labels, count: 1 });
    },
  };
}

function createHistograms(registers: Registry[]): Pick<DeliveryMetrics, 'smtpSeconds' | 'deliverySeconds'> {
  return {
    smtpSeconds: new Histogram({
      name: 'notify_smtp_seconds',
      help: 'One mail transaction until its answer',
      buckets: SMTP_BUCKETS,
      registers,
    }),
    deliverySeconds: new Histogram({
      name: 'notify_delivery_seconds',
      help: "From the event's own time to the mail server's acceptance",
      labelNames: ['kind'],
      buckets: DELIVERY_BUCKETS,
      registers,
    }),
  };
}

function beginAtZero(metrics: DeliveryMetrics): void {
  for (const topic of SOURCE_TOPICS)
    for (const result of EVENT_RESULTS) metrics.events.inc({ topic, result }, 0);
  for (const kind of EVENT_KINDS) for (const reason of REASONS) metrics.decisions.inc({ kind, reason }, 0);
  for (const reason of DEAD_LETTER_REASONS) metrics.deadLetters.inc({ reason }, 0);
  for (const cause of RELAY_REFUSALS) metrics.relayRefusals.inc({ cause }, 0);
  for (const target of BREAKER_TARGETS) metrics.breakerOpen.set({ target }, 0);
}
