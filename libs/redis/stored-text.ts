import { randomBytes } from 'node:crypto';
import { RedisError } from './connection/redis-error.ts';

/**
 * A version that never comes back, so that a repeated value is not mistaken for the one read before. Of twelve characters:
 * `JSON.parse` keeps texts of up to ten in V8's table of strings, where each number's four would come and go.
 */
export function newVersion(): string {
  return randomBytes(9).toString('base64url');
}

/** Parses a stored document; `what` is its name for the error. Throws `DOCUMENT_BROKEN`. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(what, error);
  }
}

/** The error for a stored text that is not what this program writes. */
export function broken(what: string, cause?: unknown): RedisError {
  return new RedisError(
    'DOCUMENT_BROKEN',
    `${what} cannot be read: expected the JSON that this program writes`,
    cause,
  );
}

/** Enough to find it, too little to call it: errors end up in logs. */
export function masked(number: string): string {
  return `…${number.slice(-4)}`;
}
