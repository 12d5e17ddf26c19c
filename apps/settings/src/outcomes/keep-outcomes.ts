import type { Registry } from 'prom-client';
import { closedCounter } from '#platform';
import type { HistoryEvictor, Outcome, OutcomeHistory } from '#redis';
import { isWorthKeeping } from './is-worth-keeping.ts';

/** Keeps what people ask for of a record's outcomes. Rejects with a `RedisError`: the record has to come again. */
export type KeepOutcomes = (items: readonly Outcome[]) => Promise<void>;

export interface KeepOutcomesParts {
  readonly history: Pick<OutcomeHistory, 'keep'>;
  readonly evictor: Pick<HistoryEvictor, 'hasMemory'>;
  readonly registry: Registry;
}

/** What is not asked for costs nothing but this; what does not fit into memory is not kept, and is counted. */
export function keepOutcomes({ history, evictor, registry }: KeepOutcomesParts): KeepOutcomes {
  const total = closedCounter(registry, {
    name: 'notify_history_outcomes_total',
    help: 'Outcomes read for the history, by what became of them',
    labels: { result: ['kept', 'not-asked-for', 'no-memory'] },
  });
  return async (items) => {
    const worth = items.filter(isWorthKeeping);
    total.inc({ result: 'not-asked-for' }, items.length - worth.length);
    if (worth.length === 0) return;
    const hasMemory = await evictor.hasMemory();
    if (hasMemory) await history.keep(worth);
    total.inc({ result: hasMemory ? 'kept' : 'no-memory' }, worth.length);
  };
}
