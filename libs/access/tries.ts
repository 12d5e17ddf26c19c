import { NO_TRIES, type Account, type Tries } from './account.ts';

/** How many wrong passwords in a row make it invalid (A3). */
const MOST_WRONG = { password: 10, temporary: 3 } as const;
/** The first tries in a row come without a wait. */
const FREE_TRIES = 3;
/** After this long without a try, the next one comes without a wait. */
const STREAK_MS = 3_600_000;

/** Which tries a browser's count among: its own when it is known, else those of all others (A3). */
export function triesOf(account: Account, browser: string | undefined): Tries {
  return account.browsers.find(({ hash }) => hash === browser) ?? account.others;
}

/** The account with other tries for that browser. */
export function withTries(account: Account, browser: string | undefined, tries: Tries): Account {
  if (!account.browsers.some(({ hash }) => hash === browser)) return { ...account, others: tries };
  const browsers = account.browsers.map((one) => (one.hash === browser ? { ...one, ...tries } : one));
  return { ...account, browsers };
}

/** What takes the place of tries that came to nothing. */
export function forgotten(account: Account): Account {
  return {
    ...account,
    others: NO_TRIES,
    browsers: account.browsers.map((one) => ({ ...one, ...NO_TRIES })),
  };
}

/** How long the next try has to wait, in milliseconds; `waits` is `LOGIN_WAITS`. */
export function waitOf({ streak, lastAt }: Tries, waits: readonly number[], now: number): number {
  if (streak < FREE_TRIES || waits.length === 0 || now - lastAt > STREAK_MS) return 0;
  const wait = waits[Math.min(streak - FREE_TRIES, waits.length - 1)] ?? 0;
  return Math.max(0, lastAt + wait - now);
}

/** Counts a try before it is checked. Its success takes it back. */
export function tried(tries: Tries, now: number): Tries {
  const streak = now - tries.lastAt > STREAK_MS ? 0 : tries.streak;
  return { wrong: tries.wrong + 1, streak: streak + 1, lastAt: now };
}

/** Whether so many wrong passwords made it invalid for whom these tries are of (A3). */
export function isSpent({ wrong }: Tries, kind: keyof typeof MOST_WRONG): boolean {
  return wrong >= MOST_WRONG[kind];
}
