import { hash } from 'node:crypto';

/**
 * Names of everything kept in Redis. What is in braces decides the cluster's slot: one number, one line or one event,
 * so that whatever one script touches lies together.
 */
export interface Keys {
  number(number: string): string;
  line(lineNumber: string): string;
  event(source: string, id: string): string;
  faults(lineNumber: string): string;
  testMailsOfNumber(number: string): string;
  testMailsToAddress(address: string): string;
  idempotencyKey(client: string, key: string): string;
  outcome(eventId: string): string;
  outcomesOf(number: string): string;
}

/** Keys under a prefix. */
export function createKeys(prefix: string): Keys {
  return {
    number: (number) => `${prefix}number:{${number}}`,
    line: (lineNumber) => `${prefix}line:{${lineNumber}}`,
    event: (source, id) => `${prefix}event:{${digest(source, id)}}`,
    faults: (lineNumber) => `${prefix}faults:{${lineNumber}}`,
    testMailsOfNumber: (number) => `${prefix}test-mails:number:{${number}}`,
    testMailsToAddress: (address) => `${prefix}test-mails:address:{${digest(address)}}`,
    idempotencyKey: (client, key) => `${prefix}idempotency:{${digest(client, key)}}`,
    outcome: (eventId) => `${prefix}outcome:{${digest(eventId)}}`,
    outcomesOf: (number) => `${prefix}outcomes:{${number}}`,
  };
}

/** A short name for a pair of texts, the same everywhere; 132 bits, so that two events never meet. */
export function digest(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'base64url').slice(0, 22);
}
