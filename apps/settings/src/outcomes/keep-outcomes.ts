import type { Registry } from 'prom-client';
import { ACCESS_MAILS, EVENT_KINDS } from '#events';
import { createCounter, type MetricDeclaration } from '#metrics';
import type { HistoryEvictor, Outcome, OutcomeHistory } from '#redis';
import { REASONS, type Reason } from '#rules';

/** Keeps what people ask for of a record's outcomes. Rejects with a `RedisError`: the record has to come again. */
export type KeepOutcomes = (items: readonly Outcome[]) => Promise<void>;

export interface KeepOutcomesParts {
  readonly history: Pick<OutcomeHistory, 'keep'>;
  readonly evictor: Pick<HistoryEvictor, 'hasMemory'>;
  readonly registry: Registry;
}

/** What becomes of outcomes. */
export const HISTORY_OUTCOMES: MetricDeclaration<'result'> = {
  name: 'notify_history_outcomes_total',
  type: 'counter',
  help: 'Outcomes read for the history, by what became of them',
  labels: { result: ['kept', 'not-asked-for', 'no-memory'] },
};

/** Filters out what nobody asks for; outcomes that do not fit into memory are not kept, but counted. */
export function keepOutcomes({ history, evictor, registry }: KeepOutcomesParts): KeepOutcomes {
  const total = createCounter(registry, HISTORY_OUTCOMES);
  return async (items) => {
    const worth = items.filter(isWorthKeeping);
    total.inc({ result: 'not-asked-for' }, items.length - worth.length);
    if (worth.length === 0) return;
    const hasMemory = await evictor.hasMemory();
    if (hasMemory) await history.keep(worth);
    total.inc({ result: hasMemory ? 'kept' : 'no-memory' }, worth.length);
  };
}

/**
 * Whether somebody asks for an outcome without recipients: a setting of a service that is on decided it. `too-late` is
 * decided before the settings are read, and they are not looked up: after a long outage all late events come at once.
 */
const ASKED_FOR: Readonly<Record<Reason, boolean>> = {
  'too-late': false,
  'unknown-number': false,
  'service-off': false,
  'refused-number-request': true,
  'nuisance-caller': true,
  'forward-failed': true,
  answered: true,
  'withheld-not-target': true,
  'not-target': true,
  'already-notified': true,
  'recovered-before-notice': true,
  stale: true,
  'no-recipient': true,
  notify: true,
};
const NOT_ASKED_FOR: ReadonlySet<string> = new Set(REASONS.filter((reason) => !ASKED_FOR[reason]));
const LINE_EVENTS: ReadonlySet<string> = new Set(
  EVENT_KINDS.filter((kind) => !Object.hasOwn(ACCESS_MAILS, kind)),
);

/**
 * Whether the history keeps an outcome: it has recipients, or was suppressed by a setting of a number with the service
 * on. An access mail is always asked for by somebody; a reason that is not known yet is kept.
 */
export function isWorthKeeping({ kind, reason, recipients }: Outcome): boolean {
  return recipients.length > 0 || !NOT_ASKED_FOR.has(reason) || !LINE_EVENTS.has(kind);
}
