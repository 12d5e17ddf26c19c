import { hash } from 'node:crypto';
import type { Group, PointerKind } from '#access';

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
  /** The accounts that stand together. */
  readonly access: (group: Group) => string;
  /** Which account a secret is of, by the secret's hash. */
  readonly pointer: (kind: PointerKind, hash: string) => string;
  /** The accounts that may have mails due. */
  readonly accessDue: string;
  readonly triesOfSource: (source: string) => string;
  readonly testMailsOfNumber: (number: string) => string;
  readonly testMailsToAddress: (address: string) => string;
  readonly idempotencyKey: (client: string, key: string) => string;
  /** What a call that dials a temporary password has come to. */
  readonly call: (id: string) => string;
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
    access: (group) => `${prefix}access:${tagged(group)}`,
    pointer: (kind, secret) => `${prefix}${kind}:{${secret}}`,
    accessDue: `${prefix}{access-due}`,
    triesOfSource: (source) => `${prefix}tries:source:{${digest(source)}}`,
    testMailsOfNumber: (number) => `${prefix}test-mails:number:{${number}}`,
    testMailsToAddress: (address) => `${prefix}test-mails:address:{${digest(address)}}`,
    idempotencyKey: (client, key) => `${prefix}idempotency:{${digest(client, key)}}`,
    call: (id) => `${prefix}call:{${id}}`,
    historyOf: (number) => `${prefix}history:{${number}}`,
    historyEvents: (day, bucket) => `${prefix}history-events:{${day}.${bucket}}`,
  };
}

/** A line's accounts have the line's tag and no kind, the others both. */
function tagged(group: Group): string {
  const at = group.indexOf(':') + 1;
  const kind = group.startsWith('line:') ? '' : group.slice(0, at);
  return `${kind}{${group.slice(at)}}`;
}

/** A short stable digest of texts. 132 bits, so that two events never collide. */
function digest(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'base64url').slice(0, 22);
}
