import { toBulkTransfer, toOutcomes, type BulkTransfer, type Outcomes } from './bodies.ts';
import { eventReader, type EventReader } from './event-reader.ts';
import type { DecodeResult, EventKind, Problem, RawRecord } from './event.ts';
import { NOTIFY_TOPICS, type NotifyBody } from './event-types.ts';
import { readRecord, refuseAhead } from './read-record.ts';
import { bulkTransferSchema, outcomesSchema } from './schemas.ts';

const READERS = new Map<string, Readonly<Record<string, EventReader<NotifyBody>>>>(
  Object.entries(NOTIFY_TOPICS),
);

/**
 * Reads a record of a source or a retry topic as the event it carries, or names every fault it has. The key only
 * chooses the partition and is not looked at. Never throws; no problem carries a value.
 */
export function decode(record: RawRecord): DecodeResult {
  const readers = READERS.get(record.topic);
  if (readers === undefined) {
    const message = `expected one of the topics ${[...READERS.keys()].join(', ')}`;
    return { ok: false, problems: [{ path: 'topic', code: 'wrong', message }] };
  }
  const { problems, attributes, body } = readRecord(record, readers);
  if (body) refuseAhead(body.at, `data.${timeField(body.kind)}`, record, problems);
  if (problems.length > 0 || !attributes || !body) return { ok: false, problems };
  return { ok: true, event: { source: attributes.source, id: attributes.id, ...body } };
}

/** Something read of a record, or every fault of the record. */
export type ReadResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

const BULK_TRANSFERS = { 'bulk-transfer.v1': eventReader(bulkTransferSchema, toBulkTransfer) };
const OUTCOMES = { 'outcomes.v1': eventReader(outcomesSchema, toOutcomes) };

/** Reads a record of `switch-commands`. Never throws; no problem carries a value. */
export function decodeBulkTransfer(record: RawRecord): ReadResult<BulkTransfer> {
  return concluded(readRecord(record, BULK_TRANSFERS));
}

/** Reads a record of `notify-outcomes`. Never throws; no problem carries a value. */
export function decodeOutcomes(record: RawRecord): ReadResult<Outcomes> {
  return concluded(readRecord(record, OUTCOMES));
}

function concluded<T>({
  problems,
  body,
}: {
  problems: readonly Problem[];
  body: T | undefined;
}): ReadResult<T> {
  return problems.length > 0 || body === undefined ? { ok: false, problems } : { ok: true, value: body };
}

function timeField(kind: EventKind): 'startedAt' | 'receivedAt' | 'at' | 'issuedAt' {
  switch (kind) {
    case 'call':
      return 'startedAt';
    case 'fax':
      return 'receivedAt';
    case 'fault':
    case 'recovery':
      return 'at';
    case 'one-time-password':
    case 'two-step-code':
    case 'address-registration':
    case 'password-changed':
    case 'address-changed':
    case 'account-locked':
    case 'test':
      return 'issuedAt';
  }
}
