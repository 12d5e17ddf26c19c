import { createHash } from 'node:crypto';
import type { AccessMailRequest } from './access-mail-input.ts';

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);

/**
 * The id of the event that a client's key stands for with that request: the same for a repeat, so that even one published
 * twice is one event; another for a key that is used anew after a day, when the ledger may still know the first event.
 */
export const eventIdOf = (client: string, key: string, fingerprintOfMail: string): string =>
  `k-${digest([client, key, fingerprintOfMail])}`;

/** What tells one request from another under the same key; without its secret, whose digest could be guessed back (O5). */
export function fingerprint(mail: AccessMailRequest): string {
  const { kind, number, brand, recipient, issuedAt, expiresAt } = mail;
  return digest([kind, number, brand, recipient, issuedAt, expiresAt]);
}

/** Whether a text can be an `Idempotency-Key`: 1 to 255 visible ASCII characters. */
export const isIdempotencyKey = (text: string): boolean => /^[\x21-\x7e]{1,255}$/.test(text);
