import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/** A secret for a cookie or a link: 256 bits in base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text has the form of a secret: a cookie may hold anything. */
export function isSecret(text: string | undefined): text is string {
  return text !== undefined && /^[\w-]{43}$/.test(text);
}

/** The hash that a secret is stored under. It has 256 bits itself, so nothing slower is needed. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** A code of 8 digits (A8). */
export function newCode(): string {
  return String(randomInt(100_000_000)).padStart(8, '0');
}

/** Compares without telling by its duration how much is equal. */
export function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
