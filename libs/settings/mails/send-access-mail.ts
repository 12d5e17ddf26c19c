import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { SealKey, TraceContext } from '#events';
import { readDocument } from '#rules';
import type { BrandLimits } from '../edit-section.ts';
import { invalid, type Invalid, type InvalidKey } from '../refusal.ts';
import { accessMailInput, type AccessMailRequest } from './access-mail-input.ts';
import { EVENT_SOURCE, type PublishAccessMail, type Sent } from './publish-access-mail.ts';

/** What distinguishes requests under one idempotency key. */
export interface RequestMark {
  /** Of all but the secret. */
  readonly fingerprint: string;
  /** Of the secret, by each seal key, the first one first; empty without a secret. Two marks that share one are equal. */
  readonly secret: readonly string[];
}

/** Remembers for 24 h which requests came with which idempotency key. Rejects when the keys cannot be reached. */
export interface IdempotencyKeys {
  /**
   * `first` for a key not seen, `repeat` for one seen with the same mark, `done` when `finish` was called for it,
   * `other` with another mark. A first one whose answer was lost on the way may get `repeat`.
   */
  begin(client: string, key: string, mark: RequestMark): Promise<'first' | 'repeat' | 'done' | 'other'>;
  /** Marks the request of a key as done. */
  finish(client: string, key: string): Promise<void>;
}

export interface AccessMailDeps {
  readonly brands: BrandLimits;
  readonly keys: IdempotencyKeys;
  readonly publish: PublishAccessMail;
  readonly sealKeys: readonly SealKey[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The key by which a client repeats a request; two clients may use the same key. */
export interface ClientKey {
  readonly client: string;
  readonly key: string;
}

/**
 * Sends a mail about access (O1–O4), in the trace of who asked for it. With a key, a repeat of the same document sends no
 * second mail. Rejects when it cannot be published.
 */
export async function sendAccessMail(
  deps: AccessMailDeps,
  document: unknown,
  clientKey?: ClientKey,
  trace?: TraceContext,
): Promise<Sent | Invalid | InvalidKey> {
  const { brands, publish, now } = deps;
  const read = readDocument(accessMailInput({ brands: [...brands.keys()], now: now() }), document);
  if (!read.ok) return invalid(read.errors);
  return clientKey
    ? sendOnce(deps, read.value, clientKey, trace)
    : { ok: true, event: await publish(read.value, randomUUID(), now(), trace) };
}

/**
 * A repeat of what Kafka may not have acknowledged is sent again as the same event: the notifier knows it by its id.
 */
async function sendOnce(
  { keys, publish, sealKeys, now }: AccessMailDeps,
  mail: AccessMailRequest,
  { client, key }: ClientKey,
  trace: TraceContext | undefined,
): Promise<Sent | InvalidKey> {
  if (!isIdempotencyKey(key)) return invalidKey('text', 'expected 1 to 255 visible ASCII characters');
  const request = fingerprint(mail);
  const eventId = eventIdOf(client, key, request);
  const secret = secretMarks(mail, [client, key], sealKeys);
  const seen = await keys.begin(client, key, { fingerprint: request, secret });
  if (seen === 'other') return invalidKey('key-reused', 'this key came with another document before');
  if (seen === 'done') return { ok: true, event: { eventSource: EVENT_SOURCE, eventId } };
  const event = await publish(mail, eventId, now(), trace);
  await keys.finish(client, key);
  return { ok: true, event };
}

const isIdempotencyKey = (text: string): boolean => /^[\x21-\x7e]{1,255}$/.test(text);

const invalidKey = (code: InvalidKey['code'], message: string): InvalidKey => ({
  ok: false,
  kind: 'invalid-key',
  code,
  message,
});

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);

/**
 * The id of the event that a client's key stands for with that request: the same for a repeat, so that even one
 * published twice is one event; another for a key that is used anew after a day, when the ledger may still know the
 * first event.
 */
const eventIdOf = (client: string, key: string, fingerprintOfMail: string): string =>
  `k-${digest([client, key, fingerprintOfMail])}`;

/** Distinguishes requests under the same key; without the secret, as it becomes the id of an event. */
function fingerprint(mail: AccessMailRequest): string {
  const { kind, number, brand, recipient, issuedAt, expiresAt } = mail;
  return digest([kind, number, brand, recipient, issuedAt, expiresAt]);
}

/** Marks of the secret, if the mail has one. A plain digest of a short code could be brute-forced (O5). */
function secretMarks(mail: AccessMailRequest, of: readonly string[], keys: readonly SealKey[]): string[] {
  if (!('secret' in mail)) return [];
  const text = JSON.stringify(['idempotency', ...of, mail.secret]);
  return keys.map(({ key }) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22));
}
