import type { Registry } from 'prom-client';
import { closedCounter } from '#platform';
import type { HistoryRoom, Outcome, OutcomeHistory } from '#redis';
import { isWorthKeeping } from './is-worth-keeping.ts';

/** Keeps what people ask for of a record's outcomes. Rejects with a `RedisError`: the record has to come again. */
export type KeepOutcomes = (items: readonly Outcome[]) => Promise<void>;

export interface KeepOutcomesParts {
  readonly history: Pick<OutcomeHistory, 'keep'>;
  readonly room: Pick<HistoryRoom, 'hasRoom'>;
  readonly registry: Registry;
}

/** What is not asked for costs nothing but this; what memory has no room for is not kept, and is counted. */
export function keepOutcomes({ history, room, registry }: KeepOutcomesParts): KeepOutcomes {
  const total = closedCounter(registry, {
    name: 'notify_history_outcomes_total',
    help: 'Outcomes read for the history, by what became of them',
    labels: { result: ['kept', 'not-asked-for', 'no-memory'] },
  });
  return async (items) => {
    const worth = items.filter(isWorthKeeping);
    total.inc({ result: 'not-asked-for' }, items.length - worth.length);
    if (worth.length === 0) return;
    const hasRoom = await room.hasRoom();
    if (hasRoom) await history.keep(worth);
    total.inc({ result: hasRoom ? 'kept' : 'no-memory' }, worth.length);
  };
}
