import type { Account, DueCommand, DueMail } from './account.ts';
import type { Line, Unit } from './unit.ts';

/** What an operator says of a self-care id (A14, V4). */
export interface SelfCareProfile {
  readonly brand: string;
  readonly numbers: readonly string[];
  /** Where its codes go. */
  readonly address: string;
  readonly service: 'ip-phone' | 'b2bua';
}

/**
 * Accounts that stand together, so that one step can change them all: those of a line's numbers, or the one of a
 * self-care id. `unit` and `profile` are null when they were never written.
 */
export interface Access {
  readonly unit: Unit | null;
  readonly profile: SelfCareProfile | null;
  /** An account for each name that was asked for; one never written is `NO_ACCOUNT`. */
  readonly accounts: ReadonlyMap<string, Account>;
}

/**
 * Where a group of accounts is: `line:0312345678`, `self-care:abc`, `ip-phone:05012345678` for the password of an IP
 * phone (V4), or `unknown:0399999999` for nobody's.
 */
export type Group = `${'line' | 'self-care' | 'ip-phone' | 'unknown'}:${string}`;

/** The place of one account: its group, and its number or id. */
export interface Place {
  readonly group: Group;
  readonly name: string;
}

/** What a step makes of the accounts. What is not named stays; null removes. */
export interface Change<R> {
  readonly result: R;
  readonly unit?: Unit | null;
  readonly profile?: SelfCareProfile | null;
  readonly accounts?: ReadonlyMap<string, Account | null>;
  /** Whether the change must be on disk before it is answered: credentials are, tries and sessions need not. */
  readonly durable?: boolean;
}

/**
 * Where accounts are stored. `change` is atomic: its step sees the accounts as they are, and is repeated until nobody
 * else has written in between; so it must be pure. Every method rejects with an error whose `retryable` says whether
 * trying again can help.
 */
export interface AccessStore {
  read(group: Group, names: readonly string[]): Promise<Access>;
  change<R>(group: Group, names: readonly string[], step: (access: Access) => Change<R>): Promise<R>;
  /** Remembers for so many milliseconds which account a secret (by its hash) is of. */
  remember(kind: PointerKind, hash: string, place: Place, ms: number): Promise<void>;
  /** The account of a secret; with `prolongMs` it is remembered that long again. */
  find(kind: PointerKind, hash: string, prolongMs?: number): Promise<Place | undefined>;
  forget(kind: PointerKind, hash: string): Promise<void>;
  /** Some accounts that may have messages due, at most 100. */
  withMessagesDue(): Promise<readonly Place[]>;
  /**
   * Forgets that an account may have messages due, unless it has some, or a change that makes one due is under way: a
   * change notes the account before it is written.
   */
  noMessagesDue(place: Place): Promise<void>;
}

/** A login's cookie, or a mailed link. */
export type PointerKind = 'login' | 'link';

/** Finds the line of a number. `undefined`: it is nobody's. */
export interface LineDirectory {
  findLine(number: string): Promise<Line | undefined>;
}

/** Hashes passwords. Rejects with a retryable error when too many wait. */
export interface PasswordHasher {
  /** The PHC string of a password. What one source has hashed or verified is done one after another: see `verify`. */
  hash(password: string, source?: string): Promise<string>;
  /**
   * Whether the password is that of the PHC string; for null the same work, and false. What one source asks for is done
   * one after another, so that its flood leaves room for others. A source is an address, or a login by its number.
   */
  verify(stored: string | null, password: string, source?: string): Promise<boolean>;
}

/** A mail about access, to be published. */
export interface AccessMail {
  readonly kind: DueMail['kind'] | 'one-time-password' | 'two-step-code' | 'address-registration';
  readonly number: string;
  readonly brand: string;
  readonly recipient: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt?: number;
  readonly secret?: { readonly code: string } | { readonly link: string };
}

/** Resolves when Kafka has acknowledged the mail under that event id. */
export type SendAccessMail = (mail: AccessMail, eventId: string) => Promise<void>;

/** Resolves when Kafka has acknowledged the command to the switch under its event id (V4, V5). */
export type SendCommand = (command: DueCommand) => Promise<void>;

/** Limits the failed tries of one source over all numbers (A3). */
export interface SourceLimit {
  /** Takes a try. `retryAfterSeconds` > 0: the limit is reached, and nothing was taken. */
  take(source: string): Promise<{ readonly retryAfterSeconds: number; giveBack(): Promise<void> }>;
}
