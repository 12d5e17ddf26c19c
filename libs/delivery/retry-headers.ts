import type { Problem, RawRecord } from '#events';
import type { KeptAnswer, LedgerEvent, RecordBatch } from './ports.ts';
import { RECIPIENT_STATES } from './ports.ts';
import { ACCESS_LADDER, NOTICE_LADDER } from './retry-policy.ts';
import { readStoredEvent } from './stored-event.ts';

/** What a retry record's headers tell the next attempt, besides the headers that the event came with. */
export interface RetryNote {
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly address: string;
  /** Attempts made so far. */
  readonly attempts: number;
  /** The decision, so that it stands even if the ledger has forgotten it. */
  readonly event: LedgerEvent;
  /** Why it is retried: the server's answer, or what it waits for. */
  readonly error: string;
  /** Epoch milliseconds: since when it has waited only for an answer or for the end of somebody's claim. */
  readonly parkedAt?: number | undefined;
  /** An answer that Redis could not take: whoever reads the record writes it to the ledger. */
  readonly answered?: KeptAnswer | undefined;
}

type Headers = RawRecord['headers'];

const PREFIX = 'retry-';
/** A wait longer than this many topic delays can only come from a wrong clock. */
const MOST_DELAYS = 2;
const RETRY_DELAY_MS = new Map<string, number>([...NOTICE_LADDER, ...ACCESS_LADDER]);

/**
 * The headers that a retry record gets besides those of `record`, the one in hand; the first failure's time is kept.
 */
export function retryHeaders(note: RetryNote, record: RawRecord, now: number): Record<string, string> {
  return {
    [`${PREFIX}not-before`]: String(note.notBefore),
    [`${PREFIX}address`]: note.address,
    [`${PREFIX}attempts`]: String(note.attempts),
    [`${PREFIX}event`]: JSON.stringify(note.event),
    [`${PREFIX}error`]: note.error,
    // An earlier record's must not be taken for this one's.
    [`${PREFIX}parked-at`]: String(note.parkedAt ?? ''),
    [`${PREFIX}answer`]: note.answered ? JSON.stringify(note.answered) : '',
    [`${PREFIX}first-failure`]:
      header(record.headers, `${PREFIX}first-failure`) ?? new Date(now).toISOString(),
  };
}

/** Since when a record has been parked, epoch milliseconds; `undefined` when it was not. */
export function parkedAtOf({ headers }: Pick<RawRecord, 'headers'>): number | undefined {
  return wholeNumber(header(headers, `${PREFIX}parked-at`));
}

function notBeforeOf(headers: Headers): number | undefined {
  return wholeNumber(header(headers, `${PREFIX}not-before`));
}

/**
 * The records of a retry topic that are due now. Its delay is constant, so its head is the earliest: the first record
 * that is not due ends the part, and `resumeAt` (epoch ms) says when it will be. A record that claims to wait
 * longer than its topic's delay is due when that is over: nothing may hold the ones behind it. One that would wait
 * much longer than that was written by a process whose clock is ahead of ours, and is due at once.
 */
export function duePart(
  { topic, records }: Pick<RecordBatch, 'topic' | 'records'>,
  now: number,
): { readonly due: readonly RawRecord[]; readonly resumeAt?: number } {
  const delay = RETRY_DELAY_MS.get(topic) ?? 0;
  for (const [index, record] of records.entries()) {
    const notBefore = Math.min(notBeforeOf(record.headers) ?? 0, record.timestamp + delay);
    const wait = notBefore - now;
    if (wait > 0 && wait <= delay * MOST_DELAYS) return { due: records.slice(0, index), resumeAt: notBefore };
  }
  return { due: records };
}

/** Reads a retry record's note, or says what is wrong with its headers. */
export function readRetryNote(record: RawRecord): RetryNote | { readonly problems: readonly Problem[] } {
  // Read once: a record may decode its headers from its bytes each time.
  const { headers } = record;
  const notBefore = notBeforeOf(headers);
  const address = header(headers, `${PREFIX}address`);
  const attempts = wholeNumber(header(headers, `${PREFIX}attempts`));
  const event = parseEvent(header(headers, `${PREFIX}event`));
  if (notBefore !== undefined && address && attempts !== undefined && event) {
    const error = header(headers, `${PREFIX}error`) ?? '';
    return { notBefore, address, attempts, event, error, answered: parseAnswer(headers) };
  }
  const missing: [string, unknown, string][] = [
    ['not-before', notBefore, 'epoch milliseconds'],
    ['address', address || undefined, 'the recipient'],
    ['attempts', attempts, 'a count'],
    ['event', event, 'the decision as JSON'],
  ];
  return {
    problems: missing
      .filter(([, value]) => value === undefined)
      .map(([name, , expected]) => ({
        path: `headers.${PREFIX}${name}`,
        code: 'invalid',
        message: `expected ${expected}`,
      })),
  };
}

/** A header's text, or `undefined`; of a repeated header the last. */
export function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  const last = Array.isArray(value) ? value.at(-1) : value;
  // Kafka allows a header without a value, which is handed on as null.
  return last?.toString();
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** An unreadable answer is treated as absent: then the record is a parked copy like any other. */
function parseAnswer(headers: Headers): KeptAnswer | undefined {
  try {
    const answer = JSON.parse(header(headers, `${PREFIX}answer`) || 'null') as KeptAnswer | null;
    const isWhole =
      answer !== null &&
      RECIPIENT_STATES.includes(answer.state) &&
      typeof answer.attempts === 'number' &&
      typeof answer.response === 'string' &&
      typeof answer.token === 'string';
    return isWhole ? answer : undefined;
  } catch {
    return undefined;
  }
}

function parseEvent(text: string | undefined): LedgerEvent | undefined {
  if (text === undefined) return undefined;
  try {
    return readStoredEvent(JSON.parse(text));
  } catch {
    return undefined;
  }
}
