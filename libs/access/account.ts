import { z } from 'zod';
import { storedReader } from '#rules';
import { UNITS } from './unit.ts';

const time = z.number();
const phc = z.string();

/**
 * Tries in a row. `wrong` counts towards the password's end (A3), `streak` towards the next wait. Both count a try that
 * is still being checked, so that fifty at once are fifty.
 */
const tries = z.object({ wrong: z.number(), streak: z.number(), lastAt: time });
export type Tries = z.output<typeof tries>;

/** A browser that has logged in before: it has tries of its own (A3). `hash` is that of its cookie. */
const browser = tries.extend({ hash: z.string(), lastLoginAt: time });

/** What is needed to change the one-time password's address before logging in (A9); the password as a PHC string. */
const confirmation = z.object({ id: z.string(), phc });
export type Confirmation = z.output<typeof confirmation>;

/** An address that waits for its link (A8), with the confirmation that comes into force with it. */
const registration = z.object({
  address: z.string(),
  confirmation: confirmation.nullable(),
  link: z.string(),
  expiresAt: time,
});

const oneTime = z.object({
  /** Whether each login needs a code. `null`: not chosen yet. */
  use: z.boolean().nullable(),
  address: z.string().nullable(),
  confirmation: confirmation.nullable(),
  registration: registration.nullable(),
  /** When the codes, and the links, of the last minutes were mailed. */
  codesSentAt: z.array(time),
  linksSentAt: z.array(time),
  /** Wrong pairs of confirmation id and password in a row (A10). */
  wrongPairs: z.number(),
});
export type OneTime = z.output<typeof oneTime>;

/** What a login has entered and not confirmed yet. */
const draft = z.discriminatedUnion('what', [
  z.object({ what: z.literal('address'), address: z.string(), confirmation: confirmation.nullable() }),
  /** `at`: when the passwords that it asks for were right. */
  z.object({ what: z.literal('unit'), unit: z.enum(UNITS), at: time }),
  z.object({
    what: z.literal('ip-phone-password'),
    number: z.string(),
    /** The new password, sealed with the login's hash as its id, and as it will be stored. */
    sealed: z.string(),
    phc,
    /** What it replaces: the change is off when another took its place meanwhile. */
    replaces: phc,
    /** The id of the command that the change becomes, so that it becomes one only. */
    eventId: z.string(),
  }),
]);
export type Draft = z.output<typeof draft>;

/** A login whose password was right and that is not in yet; `hash` is that of its secret. */
const pending = z.object({
  hash: z.string(),
  expiresAt: time,
  /** Whether a temporary password, or one that had expired, has to be changed first (A4). */
  mustChange: z.boolean(),
  /** The code that was mailed, sealed with `hash` as its id. */
  code: z.object({ sealed: z.string(), expiresAt: time }).nullable(),
  /** In a row: wrong codes, whichever code they were for (A8), or wrong current passwords (A4). */
  wrongTries: z.number(),
  /** Whether the confirmation pair was right, which opens the change of the address (A10). */
  pairWasRight: z.boolean(),
  draft: draft.nullable(),
});
export type Pending = z.output<typeof pending>;

const session = z.object({ hash: z.string(), startedAt: time, draft: draft.nullable() });

/** Why a session ended before its time. */
const END_REASONS = [
  'other-login',
  'log-out',
  'password-changed',
  'unit-changed',
  'operator',
  'too-long',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** A mail that has to be told to Kafka (O4), stored in the step that made it necessary. */
const dueMail = z.object({
  eventId: z.string(),
  kind: z.enum(['password-changed', 'address-changed', 'account-locked']),
  number: z.string(),
  brand: z.string(),
  recipient: z.string(),
  at: time,
});
export type DueMail = z.output<typeof dueMail>;

/** A new password of an IP phone (V4) that the switch has to be told by Kafka, stored in the step that set it. */
const dueCommand = z.object({
  eventId: z.string(),
  number: z.string(),
  at: time,
  effectiveAt: time,
  /** The password, sealed with `eventId` as its id. */
  sealed: z.string(),
});
export type DueCommand = z.output<typeof dueCommand>;

/** What an operator did to an account, and by which token (A15). */
const intervention = z.object({ at: time, by: z.string(), what: z.string() });

const account = z.object({
  password: z.object({ phc, changedAt: time }).nullable(),
  /** Set by telephone (A2): while it lasts it stands in the password's place. */
  temporary: z.object({ phc, setAt: time, unit: z.enum(UNITS) }).nullable(),
  /** Whether an operator made the password invalid (A15). */
  invalidated: z.boolean(),
  /** The tries of every browser that is not known. */
  others: tries,
  browsers: z.array(browser),
  oneTime,
  pending: pending.nullable(),
  session: session.nullable(),
  /** Why the last login ended, by its hash; one before it ended by another login (A12). */
  ended: z.object({ hash: z.string(), reason: z.enum(END_REASONS) }).nullable(),
  lastLoginAt: time.nullable(),
  dueMails: z.array(dueMail),
  dueCommands: z.array(dueCommand).default([]),
  /** When the password of an IP phone was last changed by its subscriber, and from when on it is in force (V4). */
  ipPhoneChange: z.object({ at: time, effectiveAt: time }).nullable().default(null),
  interventions: z.array(intervention),
});

/**
 * All that a login with one number (or one self-care id) stands on: its password, tries, one-time password, session; of
 * an IP phone its password and tries. Times are epoch milliseconds, passwords PHC strings of argon2id, secrets SHA-256 hashes.
 */
export type Account = Readonly<z.output<typeof account>>;

export const NO_TRIES: Tries = { wrong: 0, streak: 0, lastAt: 0 };

export const NO_ONE_TIME: OneTime = {
  use: null,
  address: null,
  confirmation: null,
  registration: null,
  codesSentAt: [],
  linksSentAt: [],
  wrongPairs: 0,
};

/** The account of a number that nobody has logged in with. */
export const NO_ACCOUNT: Account = {
  password: null,
  temporary: null,
  invalidated: false,
  others: NO_TRIES,
  browsers: [],
  oneTime: NO_ONE_TIME,
  pending: null,
  session: null,
  ended: null,
  lastLoginAt: null,
  dueMails: [],
  dueCommands: [],
  ipPhoneChange: null,
  interventions: [],
};

/** Reads a stored account; `undefined` when it is none. */
export const readAccount: (value: unknown) => Account | undefined = storedReader(account);
