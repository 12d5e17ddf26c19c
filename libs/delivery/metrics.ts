import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { SOURCE_TOPICS, EVENT_KINDS } from '#events';
import { MAIL_DOMAIN_LABELS, RELAY_REFUSALS } from '#mail';
import { createCounter, createGauge, createHistogram, type MetricDeclaration } from '#metrics';
import { REASONS } from '#rules';
import { DEAD_LETTER_REASONS, RECIPIENT_STATES } from './ports.ts';
import { REPLY_LABELS, type ReplyLabel } from './reply-label.ts';

/** The result of a record from a source topic. */
const EVENT_RESULTS = ['decided', 'duplicate', 'malformed', 'seal-failed', 'internal-error'] as const;
export type EventResult = (typeof EVENT_RESULTS)[number];

const EVENTS: MetricDeclaration<'topic' | 'result'> = {
  name: 'notify_events_total',
  type: 'counter',
  help: 'Source records by what became of them',
  labels: { topic: SOURCE_TOPICS, result: EVENT_RESULTS },
};
const DECISIONS: MetricDeclaration<'kind' | 'reason'> = {
  name: 'notify_decisions_total',
  type: 'counter',
  help: 'Events decided, by reason',
  labels: { kind: EVENT_KINDS, reason: REASONS },
};
const MAILS: MetricDeclaration<'kind' | 'brand' | 'domain' | 'state'> = {
  name: 'notify_mails_total',
  type: 'counter',
  help: 'Answers for recipients, by what state they brought',
  labels: {
    kind: EVENT_KINDS,
    brand: { inWords: "the brands' ids" },
    domain: MAIL_DOMAIN_LABELS,
    state: RECIPIENT_STATES,
  },
  onFirstUse:
    'all would be more than 5,000 a process; all states of a kind, brand and domain appear together, and ' +
    '`notify_smtp_replies_total` has every domain from the start',
};
const REPLIES: MetricDeclaration<'domain' | 'code'> = {
  name: 'notify_smtp_replies_total',
  type: 'counter',
  help: 'How mail transactions ended: the reply by its code, or why there was none',
  labels: { domain: MAIL_DOMAIN_LABELS, code: REPLY_LABELS },
};
const TLS_FALLBACKS: MetricDeclaration<never> = {
  name: 'notify_smtp_tls_fallbacks_total',
  type: 'counter',
  help: "Times that the relay's STARTTLS failed and mail went in clear text",
  labels: {},
};
const RELAY_REFUSED: MetricDeclaration<'cause'> = {
  name: 'notify_smtp_relay_refusals_total',
  type: 'counter',
  help: 'Mails put off because the relay refuses us, whoever they are for',
  labels: { cause: RELAY_REFUSALS },
};
const DEAD_LETTERS: MetricDeclaration<'reason'> = {
  name: 'notify_dlq_total',
  type: 'counter',
  help: 'Records kept as dead letters',
  labels: { reason: DEAD_LETTER_REASONS },
};
const SMTP_SECONDS = {
  name: 'notify_smtp_seconds',
  type: 'histogram',
  help: 'One mail transaction until its answer',
  labels: {},
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
} satisfies MetricDeclaration<never>;
const DELIVERY_SECONDS = {
  name: 'notify_delivery_seconds',
  type: 'histogram',
  help: "From the event's own time to the mail server's acceptance",
  labels: { kind: EVENT_KINDS },
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21_600, 86_400],
} satisfies MetricDeclaration<'kind'>;
const IN_FLIGHT: MetricDeclaration<never> = {
  name: 'notify_in_flight',
  type: 'gauge',
  help: 'Mails being sent now',
  labels: {},
};
const BREAKER_OPEN: MetricDeclaration<'target'> = {
  name: 'notify_breaker_open',
  type: 'gauge',
  help: '1 while work is held because the target is away',
  labels: { target: ['smtp', 'redis', 'kafka'] },
};
const LAST_ACCEPTED: MetricDeclaration<'kind'> = {
  name: 'notify_last_accepted_timestamp_seconds',
  type: 'gauge',
  help: 'When the mail server last took a mail, in Unix time; 0: not since this process started',
  labels: { kind: EVENT_KINDS },
};

/** The metrics of delivery. */
export const DELIVERY_METRICS: readonly MetricDeclaration[] = [
  EVENTS,
  DECISIONS,
  MAILS,
  REPLIES,
  TLS_FALLBACKS,
  RELAY_REFUSED,
  DEAD_LETTERS,
  SMTP_SECONDS,
  DELIVERY_SECONDS,
  IN_FLIGHT,
  BREAKER_OPEN,
  LAST_ACCEPTED,
];

/**
 * A counter that is increased for each mail. prom-client hashes labels each time, so it gets the sums once per scrape.
 */
interface Tally<T> {
  inc(labels: T): void;
}

interface MailLabels {
  readonly kind: string;
  readonly brand: string;
  readonly domain: string;
  readonly state: (typeof RECIPIENT_STATES)[number];
}

export interface DeliveryMetrics {
  readonly events: Counter<'topic' | 'result'>;
  readonly decisions: Counter<'kind' | 'reason'>;
  readonly mails: Tally<MailLabels>;
  readonly replies: Tally<{ readonly domain: string; readonly code: ReplyLabel }>;
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
 * Creates the metrics of delivery. Whether Kafka is unavailable is asked at each scrape: the consumers know, and no
 * circuit breaker watches it.
 */
export function createDeliveryMetrics(registry: Registry, isKafkaAway = () => false): DeliveryMetrics {
  return {
    events: createCounter(registry, EVENTS),
    decisions: createCounter(registry, DECISIONS),
    mails: tally(registry, MAILS, (labels) => RECIPIENT_STATES.map((state) => ({ ...labels, state }))),
    replies: tally(registry, REPLIES, (labels) => [labels]),
    tlsFallbacks: createCounter(registry, TLS_FALLBACKS),
    relayRefusals: createCounter(registry, RELAY_REFUSED),
    deadLetters: createCounter(registry, DEAD_LETTERS),
    smtpSeconds: createHistogram(registry, SMTP_SECONDS),
    deliverySeconds: createHistogram(registry, DELIVERY_SECONDS),
    inFlight: createGauge(registry, IN_FLIGHT),
    breakerOpen: createGauge(registry, BREAKER_OPEN, (gauge) =>
      gauge.set({ target: 'kafka' }, isKafkaAway() ? 1 : 0),
    ),
    lastAccepted: createGauge(registry, LAST_ACCEPTED),
  };
}

/** `appearing` gives the series that appear together with one that is new, itself among them. */
function tally<T extends Readonly<Record<L, string>>, L extends string>(
  registry: Registry,
  metric: MetricDeclaration<L>,
  appearing: (labels: T) => readonly T[],
): Tally<T> {
  const labelNames = Object.keys(metric.labels) as L[];
  const sums = new Map<string, { readonly labels: T; count: number }>();
  const keyOf = (labels: T): string => {
    let key = '';
    for (const label of labelNames) key += `${labels[label]}\n`;
    return key;
  };
  createCounter(registry, metric, (counter) => {
    for (const sum of sums.values()) {
      counter.inc(sum.labels, sum.count);
      sum.count = 0;
    }
  });
  return {
    inc(labels) {
      const key = keyOf(labels);
      const sum = sums.get(key);
      if (sum) {
        sum.count += 1;
        return;
      }
      for (const one of appearing(labels)) {
        const count = keyOf(one) === key ? 1 : 0;
        if (!sums.has(keyOf(one))) sums.set(keyOf(one), { labels: one, count });
      }
    },
  };
}
