import { hash } from 'node:crypto';
import type { Group, PointerKind } from '#access';
import type { SwitchPlace } from '#settings';

/**
 * The keys of everything stored in Redis. The part in braces is the hash tag, which decides the cluster slot: a number, a
 * line or an event, so that all keys of one script share a slot.
 */
export interface Keys {
  readonly number: (number: string) => string;
  readonly line: (lineNumber: string) => string;
  /** What the switch has to be told of a number or a line, beside its document. */
  readonly untold: (place: SwitchPlace) => string;
  /** The places of which the switch may have to be told something. */
  readonly switchDue: string;
  /** What operators do, until Kafka has it. */
  readonly operatorActions: string;
  /** Edits of many numbers that are not over yet. */
  readonly edits: string;
  /** A table that a login has uploaded. */
  readonly upload: (login: string, what: string) => string;
  /** When the CSVs of a line were looked at. */
  readonly uploadsOf: (lineNumber: string) => string;
  readonly event: (source: string, id: string) => string;
  /** When the number last left a contract. */
  readonly left: (number: string) => string;
  readonly faults: (lineNumber: string) => string;
  /** The accounts that stand together. */
  readonly access: (group: Group) => string;
  /** Which account a secret is of, by the secret's hash. */
  readonly pointer: (kind: PointerKind, hash: string) => string;
  /** The accounts that may have messages due. */
  readonly accessDue: string;
  /** The session of an operator, by the hash of its secret. */
  readonly operator: (hash: string) => string;
  readonly triesOfSource: (source: string) => string;
  readonly testMailsOfNumber: (number: string) => string;
  readonly testMailsToAddress: (address: string) => string;
  readonly idempotencyKey: (client: string, key: string) => string;
  /** What a call that dials a temporary password has come to. */
  readonly call: (id: string) => string;
  readonly historyOf: (number: string) => string;
  /** The FAXes that a number received. */
  readonly faxesOf: (number: string) => string;
  /** The event ids of a day that hash to this bucket, with the numbers that have them. */
  readonly historyEvents: (day: number, bucket: number) => string;
}

/** Creates the keys under a prefix. */
export function createKeys(prefix: string): Keys {
  return {
    number: (number) => `${prefix}number:{${number}}`,
    line: (lineNumber) => `${prefix}line:{${lineNumber}}`,
    untold: (place) => `${prefix}untold:${tagged(place)}`,
    switchDue: `${prefix}{switch-due}`,
    operatorActions: `${prefix}{operator-actions}`,
    edits: `${prefix}{edits}`,
    upload: (login, what) => `${prefix}upload:${what}:{${login}}`,
    uploadsOf: (lineNumber) => `${prefix}uploads:{${lineNumber}}`,
    event: (source, id) => `${prefix}event:{${digest(source, id)}}`,
    left: (number) => `${prefix}left:{${number}}`,
    faults: (lineNumber) => `${prefix}faults:{${lineNumber}}`,
    access: (group) => `${prefix}access:${tagged(group)}`,
    pointer: (kind, secret) => `${prefix}${kind}:{${secret}}`,
    accessDue: `${prefix}{access-due}`,
    operator: (secret) => `${prefix}operator:{${secret}}`,
    triesOfSource: (source) => `${prefix}tries:source:{${digest(source)}}`,
    testMailsOfNumber: (number) => `${prefix}test-mails:number:{${number}}`,
    testMailsToAddress: (address) => `${prefix}test-mails:address:{${digest(address)}}`,
    idempotencyKey: (client, key) => `${prefix}idempotency:{${digest(client, key)}}`,
    call: (id) => `${prefix}call:{${id}}`,
    historyOf: (number) => `${prefix}history:{${number}}`,
    faxesOf: (number) => `${prefix}history-faxes:{${number}}`,
    historyEvents: (day, bucket) => `${prefix}history-events:{${day}.${bucket}}`,
  };
}

/** A line's accounts have the line's tag and no kind, the others both. */
function tagged(name: Group | SwitchPlace): string {
  const at = name.indexOf(':') + 1;
  const kind = name.startsWith('line:') ? '' : name.slice(0, at);
  return `${kind}{${name.slice(at)}}`;
}

/** A short stable digest of texts. 132 bits, so that two events never collide. */
function digest(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'base64url').slice(0, 22);
}
