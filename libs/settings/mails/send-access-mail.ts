import { createHash, randomUUID } from 'node:crypto';
import { readDocument } from '#rules';
import type { BrandLimits } from '../edit-section.ts';
import { invalid, type Invalid, type InvalidKey } from '../refusal.ts';
import { accessMailInput, type AccessMailRequest } from './access-mail-input.ts';
import { EVENT_SOURCE, type PublishAccessMail, type Sent } from './publish-access-mail.ts';

/** Remembers for 24 h which requests came with which idempotency key. Rejects when the keys cannot be reached. */
export interface IdempotencyKeys {
  /**
   * `first` for a key not seen, `repeat` for one seen with the same fingerprint, `done` when `finish` was called for
   * it, `other` with another fingerprint. A first one whose answer was lost on the way may get `repeat`.
   */
  begin(client: string, key: string, fingerprint: string): Promise<'first' | 'repeat' | 'done' | 'other'>;
  /** Marks the request of a key as done. */
  finish(client: string, key: string): Promise<void>;
}

export interface AccessMailDeps {
  readonly brands: BrandLimits;
  readonly keys: IdempotencyKeys;
  readonly publish: PublishAccessMail;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The key by which a client repeats a request; two clients may use the same key. */
export interface ClientKey {
  readonly client: string;
  readonly key: string;
}

/**
 * Sends a mail about access (O1–O4). With a key, a repeat of the same document sends no second mail. Rejects when it
 * cannot be published.
 */
export async function sendAccessMail(
  deps: AccessMailDeps,
  document: unknown,
  clientKey?: ClientKey,
): Promise<Sent | Invalid | InvalidKey> {
  const { brands, publish, now } = deps;
  const read = readDocument(accessMailInput({ brands: [...brands.keys()], now: now() }), document);
  if (!read.ok) return invalid(read.errors);
  return clientKey
    ? sendOnce(deps, read.value, clientKey)
    : { ok: true, event: await publish(read.value, randomUUID(), now()) };
}

/**
 * A repeat of what Kafka may not have acknowledged is sent again as the same event: the notifier knows it by its id.
 */
async function sendOnce(
  { keys, publish, now }: AccessMailDeps,
  mail: AccessMailRequest,
  { client, key }: ClientKey,
): Promise<Sent | InvalidKey> {
  if (!isIdempotencyKey(key)) return invalidKey('text', 'expected 1 to 255 visible ASCII characters');
  const request = fingerprint(mail);
  const eventId = eventIdOf(client, key, request);
  const seen = await keys.begin(client, key, request);
  if (seen === 'other') return invalidKey('key-reused', 'this key came with another document before');
  if (seen === 'done') return { ok: true, event: { eventSource: EVENT_SOURCE, eventId } };
  const event = await publish(mail, eventId, now());
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

/** Distinguishes requests under the same key; without the secret, whose digest could be brute-forced (O5). */
function fingerprint(mail: AccessMailRequest): string {
  const { kind, number, brand, recipient, issuedAt, expiresAt } = mail;
  return digest([kind, number, brand, recipient, issuedAt, expiresAt]);
}
