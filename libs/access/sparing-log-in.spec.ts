import { NO_ACCOUNT } from './account.ts';
import type { AccessDeps } from './deps.ts';
import { DEFAULT_PASSWORD_POLICY } from './password-policy.ts';
import { createSparingLogIn } from './sparing-log-in.ts';
import { createInMemoryAccessStore } from './testing/in-memory-access-store.ts';

const NUMBER = '0312345678';
const BROWSER = 'b'.repeat(43);

/** Logins of one number whose password is its PHC string, a clock, and how often its line was looked up. */
async function openLogins(waits: readonly number[]): Promise<{
  readonly tryOne: (password?: string, browser?: string) => Promise<string>;
  readonly pass: (ms: number) => void;
  readonly lookUps: () => number;
}> {
  let [now, lookUps] = [1_000_000, 0];
  const store = createInMemoryAccessStore({ now: () => now });
  const oneTime = { ...NO_ACCOUNT.oneTime, use: false };
  await store.change(`line:${NUMBER}`, [NUMBER], () => ({
    result: undefined,
    accounts: new Map([
      [NUMBER, { ...NO_ACCOUNT, oneTime, password: { phc: 'Yamada2026', changedAt: now } }],
    ]),
  }));
  const deps: AccessDeps = {
    store,
    lines: {
      findLine: async (lineNumber) => {
        lookUps += 1;
        return { lineNumber, brand: 'ntt-east', numbers: [NUMBER] };
      },
    },
    lockedOut: () => undefined,
    hasher: {
      hash: async (password) => password,
      verify: async (stored, password) => stored === password,
    },
    sources: { take: async () => ({ retryAfterSeconds: 0, giveBack: async () => undefined }) },
    sendMail: async () => undefined,
    sendCommand: async () => undefined,
    policyOf: () => DEFAULT_PASSWORD_POLICY,
    siteOf: () => 'https://site.example',
    sealKeys: [{ id: 'k', key: Buffer.alloc(32) }],
    waits,
    now: () => now,
  };
  const logIn = createSparingLogIn(deps);
  return {
    tryOne: async (password = 'Guess2026', browser) => {
      const result = await logIn({ as: { number: NUMBER }, password, browser, source: '192.0.2.1' });
      return result.kind === 'wait' ? `wait ${result.seconds}` : result.kind;
    },
    pass: (ms) => {
      now += ms;
    },
    lookUps: () => lookUps,
  };
}

describe('logging in beside a flood', () => {
  it('A3 repeats for a second that a number has to wait, and looks again then', async () => {
    const { tryOne, pass, lookUps } = await openLogins([5_000]);
    for (const _ of [1, 2, 3]) expect(await tryOne()).toBe('refused');
    expect(await tryOne()).toBe('wait 5');
    for (const _ of Array.from({ length: 100 })) expect(await tryOne()).toBe('wait 5');
    expect(lookUps()).toBe(4);
    pass(1_000);
    expect(await tryOne()).toBe('wait 4');
    expect(lookUps()).toBe(5);
  });

  it('A3 lets one look again while the others are told the same', async () => {
    const { tryOne, pass, lookUps } = await openLogins([5_000]);
    for (const _ of [1, 2, 3, 4]) await tryOne();
    pass(1_000);
    const told = await Promise.all(Array.from({ length: 100 }, () => tryOne()));
    expect([told[0], ...new Set(told.slice(1))]).toEqual(['wait 4', 'wait 5']);
    expect(lookUps()).toBe(5);
  });

  it('A3 never says to wait when the wait is over', async () => {
    const { tryOne, pass } = await openLogins([1_500]);
    for (const _ of [1, 2, 3]) await tryOne();
    pass(100);
    expect(await tryOne()).toBe('wait 2');
    pass(600);
    expect(await tryOne()).toBe('wait 2');
    pass(800);
    expect(await tryOne('Yamada2026')).toBe('in');
  });

  it('A3 begins the tries anew with a good login', async () => {
    const { tryOne } = await openLogins([5_000]);
    for (const password of ['Guess1', 'Guess2', 'Yamada2026', 'Guess3', 'Guess4'])
      expect(await tryOne(password)).toBe(password === 'Yamada2026' ? 'in' : 'refused');
    expect(await tryOne('Yamada2026')).toBe('in');
  });

  it('A3 asks anew for another browser', async () => {
    const { tryOne, lookUps } = await openLogins([5_000]);
    for (const _ of [1, 2, 3, 4]) await tryOne();
    await tryOne('Guess2026', BROWSER);
    expect(lookUps()).toBe(5);
  });
});
