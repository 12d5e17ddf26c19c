import type { Registry } from 'prom-client';
import { decode, type FaxEvent, type RawRecord } from '#events';
import { createCounter, type MetricDeclaration } from '#metrics';
import type { HistoryEvictor, ReceivedFaxes } from '#redis';

/** Keeps the FAXes of records in the index. Rejects with a `RedisError`: the records have to come again. */
export type KeepFaxes = (records: readonly RawRecord[]) => Promise<void>;

export interface KeepFaxesParts {
  readonly faxes: Pick<ReceivedFaxes, 'keep'>;
  readonly evictor: Pick<HistoryEvictor, 'hasMemory'>;
  readonly registry: Registry;
}

/** What becomes of FAXes. */
export const HISTORY_FAXES: MetricDeclaration<'result'> = {
  name: 'notify_history_faxes_total',
  type: 'counter',
  help: 'FAXes read for the list of received ones, by what became of them',
  labels: { result: ['kept', 'malformed', 'no-memory'] },
};

/**
 * Skips records that are malformed: the notifier makes them dead letters. FAXes that do not fit into memory are not
 * kept, but counted.
 */
export function keepFaxes({ faxes, evictor, registry }: KeepFaxesParts): KeepFaxes {
  const total = createCounter(registry, HISTORY_FAXES);
  return async (records) => {
    const received = records.flatMap(faxOf);
    const hasMemory = await evictor.hasMemory();
    if (hasMemory) await faxes.keep(received);
    total.inc({ result: 'malformed' }, records.length - received.length);
    total.inc({ result: hasMemory ? 'kept' : 'no-memory' }, received.length);
  };
}

function faxOf(record: RawRecord): FaxEvent[] {
  const read = decode(record);
  return read.ok && read.event.kind === 'fax' ? [read.event] : [];
}
