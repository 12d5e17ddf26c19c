import { hash } from 'node:crypto';

/**
 * The keys of everything stored in Redis. The part in braces is the hash tag, which decides the cluster slot: a number, a
 * line or an event, so that all keys of one script share a slot.
 */
export interface Keys {
  readonly number: (number: string) => string;
  readonly line: (lineNumber: string) => string;
  readonly event: (source: string, id: string) => string;
  /** When the number last left a contract. */
  readonly left: (number: string) => string;
  readonly faults: (lineNumber: string) => string;
  readonly testMailsOfNumber: (number: string) => string;
  readonly testMailsToAddress: (address: string) => string;
  readonly idempotencyKey: (client: string, key: string) => string;
  readonly historyOf: (number: string) => string;
  /** The event ids of a day that hash to this bucket, with the numbers that have them. */
  readonly historyEvents: (day: number, bucket: number) => string;
}

/** Creates the keys under a prefix. */
export function createKeys(prefix: string): Keys {
  return {
    number: (number) => `${prefix}number:{${number}}`,
    line: (lineNumber) => `${prefix}line:{${lineNumber}}`,
    event: (source, id) => `${prefix}event:{${digest(source, id)}}`,
    left: (number) => `${prefix}left:{${number}}`,
    faults: (lineNumber) => `${prefix}faults:{${lineNumber}}`,
    testMailsOfNumber: (number) => `${prefix}test-mails:number:{${number}}`,
    testMailsToAddress: (address) => `${prefix}test-mails:address:{${digest(address)}}`,
    idempotencyKey: (client, key) => `${prefix}idempotency:{${digest(client, key)}}`,
    historyOf: (number) => `${prefix}history:{${number}}`,
    historyEvents: (day, bucket) => `${prefix}history-events:{${day}.${bucket}}`,
  };
}

/** A short stable digest of texts. 132 bits, so that two events never collide. */
function digest(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'base64url').slice(0, 22);
}
