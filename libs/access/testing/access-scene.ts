import { NO_ACCOUNT, NO_ONE_TIME, type Account, type DueCommand, type OneTime } from '../account.ts';
import type { AccessDeps } from '../deps.ts';
import { findLogin, type FoundLogin, type Login, type Subscriber } from '../find-login.ts';
import { logIn, type LoginResult } from '../log-in.ts';
import { DEFAULT_PASSWORD_POLICY, type PasswordPolicy } from '../password-policy.ts';
import type { AccessMail, Group } from '../ports.ts';
import type { Line, Unit } from '../unit.ts';
import { createInMemoryAccessStore } from './in-memory-access-store.ts';
import { createPlainHasher, plain, type PlainHasher } from './plain-hasher.ts';

/** A line with two additional numbers. */
export const LINE: Line = {
  lineNumber: '0312345678',
  brand: 'ntt-east',
  numbers: ['0312345678', '0312345679', '0312345680'],
};
export const [NUMBER, USER, OTHER] = LINE.numbers as [string, string, string];
export const GROUP: Group = `line:${NUMBER}`;

/** Passwords that A5 takes, and an address. */
export const PASSWORD = 'sakura77x';
export const NEXT_PASSWORD = 'momiji88y';
export const WRONG = 'wrong0000z';
export const ADDRESS = 'a@example.jp';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Everything that a test of access is made of: real use cases on accounts in memory, and what the test turns. */
export interface Scene {
  readonly deps: AccessDeps;
  readonly hasher: PlainHasher;
  /** The mails that Kafka took, oldest first. */
  readonly mails: AccessMail[];
  /** The commands that Kafka took, oldest first. */
  readonly commands: DueCommand[];
  /** Who took a try from the source limit and did not give it back. */
  readonly sourceTries: string[];
  /** The numbers and ids whose passwords wrong tries have ended, oldest first. */
  readonly lockedOut: string[];
  now: number;
  isKafkaAway: boolean;
  lines: readonly Line[];
  policy: PasswordPolicy;
}

/** Creates a scene at midnight of a day in Japan, with `LINE`; `waits` are `LOGIN_WAITS` in milliseconds. */
export function createScene({ waits = [] }: { readonly waits?: readonly number[] } = {}): Scene {
  const hasher = createPlainHasher();
  const scene: Omit<Scene, 'deps'> = {
    hasher,
    mails: [],
    commands: [],
    sourceTries: [],
    lockedOut: [],
    now: Date.parse('2026-11-28T00:00:00+09:00'),
    isKafkaAway: false,
    lines: [LINE],
    policy: DEFAULT_PASSWORD_POLICY,
  };
  const now = (): number => scene.now;
  const deps: AccessDeps = {
    store: createInMemoryAccessStore({ now }),
    lines: { findLine: async (number) => scene.lines.find(({ numbers }) => numbers.includes(number)) },
    hasher,
    sources: sourcesOf(scene),
    sendMail: async (mail) => {
      if (scene.isKafkaAway) throw away();
      scene.mails.push(mail);
    },
    sendCommand: async (command) => {
      if (scene.isKafkaAway) throw away();
      scene.commands.push(command);
    },
    policyOf: () => scene.policy,
    siteOf: (brand) => `https://${brand}.example`,
    sealKeys: [{ id: 'k1', key: Buffer.alloc(32, 7) }],
    waits,
    lockedOut: ({ name }) => void scene.lockedOut.push(name),
    now,
  };
  return Object.assign(scene, { deps });
}

const away = (): Error => Object.assign(new Error('away'), { code: 'away', retryable: true });

function sourcesOf(scene: Pick<Scene, 'sourceTries'>): AccessDeps['sources'] {
  return {
    take: async (source) => {
      scene.sourceTries.push(source);
      const giveBack = async (): Promise<void> => {
        scene.sourceTries.splice(scene.sourceTries.indexOf(source), 1);
      };
      return { retryAfterSeconds: 0, giveBack };
    },
  };
}

/** Writes accounts of `LINE` as they are to be at the beginning, and its unit. */
export async function given(
  { deps }: Scene,
  unit: Unit | null,
  accounts: Readonly<Record<string, Partial<Account>>>,
): Promise<void> {
  const written = Object.entries(accounts).map(([name, more]) => [name, { ...NO_ACCOUNT, ...more }] as const);
  await deps.store.change(GROUP, Object.keys(accounts), () => ({
    result: undefined,
    unit,
    accounts: new Map(written),
  }));
}

/** An account with a password set now, that does not use one-time passwords. */
export function withPassword(
  { now }: Scene,
  password: string,
  oneTime: Partial<OneTime> = {},
): Partial<Account> {
  return {
    password: { phc: plain(password), changedAt: now },
    oneTime: { ...NO_ONE_TIME, use: false, ...oneTime },
  };
}

/** One-time passwords as they are when they are in use. */
export const IN_USE: Partial<OneTime> = {
  use: true,
  address: ADDRESS,
  confirmation: { id: 'Kakunin01', phc: plain('tsubaki42q') },
};
export const PAIR = { id: 'Kakunin01', password: 'tsubaki42q' };

/** An account of `LINE` as it is stored. */
export async function stored({ deps }: Scene, number: string = NUMBER): Promise<Account> {
  return (await deps.store.read(GROUP, [number])).accounts.get(number) ?? NO_ACCOUNT;
}

/** A browser with its cookies. */
export interface Browser {
  login: string | undefined;
  known: string | undefined;
  /** Logs in with a number and keeps the cookies. */
  logIn(number: string, password: string): Promise<LoginResult>;
  /** Keeps what a use case gave for the cookies. */
  keep<R extends object>(result: R): R;
  look(): Promise<FoundLogin>;
  /** The login of a subscriber that must be there. */
  here(): Promise<Login & { readonly subscriber: Subscriber }>;
}

/** Opens a browser without cookies. */
export function openBrowser({ deps }: Scene): Browser {
  const browser: Browser = {
    login: undefined,
    known: undefined,
    logIn: async (number, password) => {
      const tried = { as: { number }, password, browser: browser.known, source: '192.0.2.1' };
      return browser.keep(await logIn(deps, tried));
    },
    keep: (result) => {
      if ('secret' in result) browser.login = String(result.secret);
      if ('browser' in result) browser.known = String(result.browser);
      return result;
    },
    look: () => findLogin(deps, { login: browser.login, browser: browser.known }),
    here: async () => {
      const found = await browser.look();
      const subscriber = found.kind === 'found' ? found.login.subscriber : undefined;
      if (found.kind !== 'found' || !subscriber) throw new Error(`not logged in: ${found.kind}`);
      return { ...found.login, subscriber };
    },
  };
  return browser;
}
