import { japanTime } from '#events';
import type { WaitingRecord } from '#operations';
import { visible } from './text.ts';

/**
 * Describes a waiting record: since when, where, and behind how many others. `ledger` says what the ledger knew of the
 * event: `known` (described before), `unknown` (so no notifier has begun), `unasked` (Redis was away).
 */
export function describeWaiting(waiting: WaitingRecord, ledger: 'known' | 'unknown' | 'unasked'): string[] {
  const { record, event, kind, numbers, before } = waiting;
  const place = `${record.topic}/${record.partition}/${record.offset}`;
  const others = before === 1 ? '1 other' : `${before} others`;
  const behind =
    before === 0 ? 'the first record of its partition that is not settled' : `behind ${others} not settled`;
  const where = `  in Kafka since ${japanTime(record.timestamp)} as ${place}, ${behind}`;
  if (ledger === 'known') return [where].map(visible);
  const state =
    ledger === 'unknown'
      ? 'it waits, no notifier has begun'
      : 'it is waiting or under way (Redis would know)';
  return [
    `${japanTime(record.timestamp)}  ${kind ?? 'unreadable'}  ${numbers[0] ?? '-'}  not settled yet: ${state}`,
    `  event ${event.id} of ${event.source}`,
    where,
  ].map(visible);
}
