import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { japanTime, parseRfc3339 } from '#events';
import type { Outcome } from './outcome-history.ts';

/** An entry of a number's list, with its head parsed. The script that writes the lists parses the head too. */
export interface PackedOutcome {
  /** The event's own time in epoch milliseconds; 0 when unreadable. */
  readonly at: number;
  /** When it was stored, in epoch seconds. */
  readonly keptAt: number;
  readonly sequence: number;
  /** Hash of event id and source, the same for all outcomes of an event. */
  readonly event: string;
  readonly bytes: Buffer;
}

const ID_BYTES = 5;
const EVENT_BYTES = 8;
const SEQUENCE_AT = EVENT_BYTES;
const KEPT_AT = 12;
const AT = 16;
const BODY_AT = 22;
const MAX_SEQUENCE = 0xff_ff_ff_ff;
const MAX_AT = 2 ** 48 - 1;

/**
 * Preset dictionary: what outcomes have in common, the most common last. Part of the stored format: data packed with one
 * dictionary cannot be read with another, so a change needs new key names.
 */
const DICTIONARY = Buffer.from(
  '550 5.1.1 User unknown452 4.2.2 Mailbox full421 4.7.0 try again later450 4.2.1 ' +
    '/access-mail/fax/faultrecoveryone-time-password","two-step-code","address-registration","password-changed' +
    'already-notifiedrecovered-before-noticestaleno-recipienttoo-laterefused-number-requestnuisance-caller' +
    'forward-failedwithheld-not-targetnot-targetanswered","superseded","withdrawn","in-doubt","expired","bounced' +
    '@gmail.com@yahoo.co.jp@icloud.com@ezweb.ne.jp@softbank.ne.jp@docomo.ne.jp@example.jp","deferred",1,"' +
    '250 2.0.0 Ok: queued as "]]][["/switch/1","call",0,0,"notify",[["@example.jp","accepted",1,"250 2.0.0 Ok',
);
/** Outcomes are short, so a larger window would only cost time. */
const DEFLATE = { dictionary: DICTIONARY, level: 9, windowBits: 11, memLevel: 4 };
const INFLATE = { dictionary: DICTIONARY, windowBits: 11 };

type Recipient = readonly [address: string, state: string, attempts: number, response: string];
/** The number is that of the list. A line number or time that follows from the rest is stored as 0. */
type Body = readonly [
  source: string,
  id: string,
  kind: string,
  lineNumber: string | null | 0,
  at: string | 0,
  reason: string,
  recipients: readonly Recipient[],
];

/** What the head of an entry says. `at` in epoch milliseconds, `keptAt` in epoch seconds. */
type Head = Pick<PackedOutcome, 'at' | 'keptAt' | 'sequence'> & {
  readonly eventSource: string;
  readonly eventId: string;
};

/** Packs the head of an entry: 22 bytes, before whatever the entry holds. */
export function packHead({ eventSource, eventId, sequence, keptAt, at }: Head): Buffer {
  const head = Buffer.alloc(BODY_AT);
  eventDigest(eventSource, eventId).copy(head);
  head.writeUInt32BE(Math.min(sequence, MAX_SEQUENCE), SEQUENCE_AT);
  head.writeUInt32BE(keptAt, KEPT_AT);
  head.writeUIntBE(at, AT, 6);
  return head;
}

/** What an entry holds behind its head. */
export const bodyOf = ({ bytes }: PackedOutcome): Buffer => bytes.subarray(BODY_AT);

/** Packs an outcome into a head and a deflated JSON array. `keptAt` is in epoch seconds. */
export function packOutcome(outcome: Outcome, keptAt: number): Buffer {
  const { eventSource, eventId, sequence, kind, number, lineNumber, at: text, reason, recipients } = outcome;
  const at = Math.min(Math.max(parseRfc3339(text) ?? 0, 0), MAX_AT);
  const head = packHead({ eventSource, eventId, sequence, keptAt, at });
  const body: Body = [
    eventSource,
    eventId,
    kind,
    lineNumber === number ? 0 : lineNumber,
    japanTime(at) === text ? 0 : text,
    reason,
    recipients.map((one) => [one.address, one.state, one.attempts, one.response]),
  ];
  return Buffer.concat([head, deflateRawSync(JSON.stringify(body), DEFLATE)]);
}

/** Parses the head of an entry. */
export function readHead(bytes: Buffer): PackedOutcome {
  return {
    at: bytes.readUIntBE(AT, 6),
    keptAt: bytes.readUInt32BE(KEPT_AT),
    sequence: bytes.readUInt32BE(SEQUENCE_AT),
    event: bytes.toString('base64url', 0, EVENT_BYTES),
    bytes,
  };
}

/** Unpacks an entry of a number's list. */
export function unpackOutcome(number: string, entry: PackedOutcome): Outcome {
  const { at, sequence } = entry;
  const text = inflateRawSync(bodyOf(entry), INFLATE).toString();
  const [eventSource, eventId, kind, lineNumber, time, reason, recipients] = JSON.parse(text) as Body;
  return {
    eventSource,
    eventId,
    sequence,
    kind,
    number,
    lineNumber: lineNumber === 0 ? number : lineNumber,
    at: time === 0 ? japanTime(at) : time,
    reason,
    recipients: recipients.map(([address, state, attempts, response]) => ({
      address,
      state,
      attempts,
      response,
    })),
  };
}

/** Whether an entry may belong to an event with this id. May be true by a hash collision. */
export const mayHaveId = ({ bytes }: PackedOutcome, eventId: string): boolean =>
  bytes.compare(sha256(eventId), 0, ID_BYTES, 0, ID_BYTES) === 0;

/** The place of an event id in the index: one of 16,384 buckets of a day, and the field in it. */
export function placeOf(eventId: string): { readonly bucket: number; readonly field: Buffer } {
  const digest = sha256(eventId);
  return { bucket: digest.readUInt16BE(30) % 16_384, field: digest.subarray(0, 6) };
}

function eventDigest(source: string, id: string): Buffer {
  const ofId = sha256(id).subarray(0, ID_BYTES);
  return Buffer.concat([ofId, sha256(source).subarray(0, EVENT_BYTES - ID_BYTES)]);
}

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');
