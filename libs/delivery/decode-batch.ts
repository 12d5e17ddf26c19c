import { decode, isRetryTopic, type NotifyEvent, type Problem, type RawRecord } from '#events';
import { deadLetter } from './dead-letter.ts';
import type { DeliveryDeps } from './deps.ts';
import type { RecordBatch } from './ports.ts';
import { readRetryNote, type RetryNote } from './retry-headers.ts';

/** A record that is an event; `note` when it comes from a retry topic. */
export interface Decoded {
  readonly record: RawRecord;
  readonly event: NotifyEvent;
  readonly note?: RetryNote;
}

/** Bytes → events. What is malformed goes to the dead letters as it came, and nothing behind it waits. */
export async function decodeBatch(
  deps: DeliveryDeps,
  batch: RecordBatch,
  records: readonly RawRecord[],
): Promise<Decoded[]> {
  const decoded: Decoded[] = [];
  const malformed: Promise<boolean>[] = [];
  for (const record of records) {
    const result = decodeRecord(record);
    if ('event' in result) decoded.push(result);
    else malformed.push(deadLetter(deps, batch, record, 'malformed', describe(result.problems)));
  }
  await Promise.all(malformed);
  return decoded;
}

function decodeRecord(record: RawRecord): Decoded | { readonly problems: readonly Problem[] } {
  const result = decode(record);
  if (!result.ok) return result;
  if (!isRetryTopic(record.topic)) return { record, event: result.event };
  const note = readRetryNote(record);
  return 'problems' in note ? note : { record, event: result.event, note };
}

function describe(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
}
