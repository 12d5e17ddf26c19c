import { CUT_HEADER } from '../kafkajs/placeholder-record.ts';
import { sizeOfRecord, type OutgoingRecord, type RecordHeaders } from './outgoing-record.ts';

/** How much stays of a value, of a key, and of all headers that are not ours. */
const VALUE_BYTES = 64 * 1024;
export const MAX_KEY_BYTES = 1024;
const HEADERS_BYTES = 64 * 1024;

/** Ours, and those that name the event: always whole, unless one of them alone is absurd. */
const NEEDED = /^(dlq-|orig-|ce_|content-type$)/;

/**
 * A record of which so much is left that every topic takes it: the first 64 KB of its value, its headers as far as 64 KB
 * hold them, those that name the event first, and `dlq-cut` with the size that key, value and headers had.
 */
export function truncateRecord(record: OutgoingRecord): OutgoingRecord {
  const { key, value, headers } = record;
  return {
    ...record,
    key: head(key, MAX_KEY_BYTES),
    value: head(value, VALUE_BYTES),
    headers: { ...fittingHeaders(headers), [CUT_HEADER]: String(sizeOfRecord({ key, value, headers })) },
  };
}

function fittingHeaders(headers: RecordHeaders): RecordHeaders {
  const all = Object.entries(headers);
  const inOrder = [
    ...all.filter(([name]) => NEEDED.test(name)),
    ...all.filter(([name]) => !NEEDED.test(name)),
  ];
  let left = HEADERS_BYTES;
  const fitting = inOrder.filter(([name, value]) => {
    const bytes = sizeOfRecord({ key: null, value: null, headers: { [name]: value } });
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
  return Object.fromEntries(fitting);
}

function head(part: Buffer | string | null, bytes: number): Buffer | null {
  return part === null ? null : Buffer.from(part).subarray(0, bytes);
}
