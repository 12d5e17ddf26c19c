import { CUT_HEADER } from '../kafkajs/placeholder-record.ts';
import { sizeOfRecord, type OutgoingRecord, type RecordHeaders } from './outgoing-record.ts';

/** How much is kept of a value, of a key, and of the headers. */
const VALUE_BYTES = 64 * 1024;
export const MAX_KEY_BYTES = 1024;
const HEADERS_BYTES = 64 * 1024;

/** Our own headers and those that identify the event, which are kept first. */
const NEEDED = /^(dlq-|orig-|ce_|content-type$)/;

/**
 * Truncates a record so that every topic takes it: to the first 64 KB of its value and 64 KB of headers, those that
 * identify the event first. `dlq-cut` gives the original size of key, value and headers.
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
