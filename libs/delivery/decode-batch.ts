import { decode, isRetryTopic, type Problem, type RawRecord } from '#events';
import { readRetryNote } from './retry-headers.ts';
import type { Dead, Decoded } from './verdict.ts';

/** Bytes → events. Pure. A record that is malformed, or whose retry headers are, is dead. */
export function decodeBatch(records: readonly RawRecord[]): (Decoded | Dead)[] {
  return records.map(decodeRecord);
}

function decodeRecord(record: RawRecord): Decoded | Dead {
  const result = decode(record);
  if (!result.ok) return malformed(record, result.problems);
  if (!isRetryTopic(record.topic)) return { verdict: 'decoded', record, event: result.event };
  const note = readRetryNote(record);
  if ('problems' in note) return malformed(record, note.problems);
  return { verdict: 'decoded', record, event: result.event, note };
}

function malformed(record: RawRecord, problems: readonly Problem[]): Dead {
  const problem = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return { verdict: 'dead', record, reason: 'malformed', problem };
}
