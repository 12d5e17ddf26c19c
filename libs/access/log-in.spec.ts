import { NO_TRIES } from './account.ts';
import { changePassword } from './change-password.ts';
import { logOut } from './find-login.ts';
import { logIn } from './log-in.ts';
import { IDLE_MS, LONGEST_MS } from './logins.ts';
import { setTemporaryPassword } from './operate.ts';
import { HasherBusy } from './password-hasher.ts';
import { putSelfCare } from './self-care.ts';
import { plain } from './testing/plain-hasher.ts';
import {
  ADDRESS,
  createScene,
  DAY,
  given,
  GROUP,
  HOUR,
  IN_USE,
  LINE,
  NEXT_PASSWORD,
  NUMBER,
  openBrowser,
  OTHER,
  PASSWORD,
  SECOND,
  stored,
  USER,
  withPassword,
  WRONG,
  type Scene,
} from './testing/access-scene.ts';
import type { Unit } from './unit.ts';

const TEMPORARY = '20485163';

const kindOf = async (scene: Scene, number: string, password: string, browser = openBrowser(scene)) =>
  (await browser.logIn(number, password)).kind;

/** Tries a wrong password so often. */
const fail = async (scene: Scene, times: number, browser = openBrowser(scene)) => {
  for (let index = 0; index < times; index += 1)
    expect(await kindOf(scene, NUMBER, WRONG, browser)).toBe('refused');
};

const dial = (scene: Scene, unit: Unit = 'line', number = NUMBER) =>
  setTemporaryPassword(scene.deps, LINE, { number, unit, password: TEMPORARY });

describe('logIn', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = createScene();
  });

  const everybody = async (unit: Unit | null) =>
    given(scene, unit, {
      [NUMBER]: withPassword(scene, PASSWORD),
      [USER]: withPassword(scene, PASSWORD),
      [OTHER]: withPassword(scene, PASSWORD),
    });

  it.each<[Unit | null, string, readonly string[] | undefined]>([
    [null, NUMBER, [NUMBER, USER, OTHER]],
    [null, USER, undefined],
    ['line', NUMBER, [NUMBER, USER, OTHER]],
    ['line', USER, undefined],
    ['number', NUMBER, [NUMBER]],
    ['number', USER, [USER]],
    ['administrator-user', NUMBER, [NUMBER, USER, OTHER]],
    ['administrator-user', USER, [USER]],
  ])('A1 under %s %s may set %j', async (unit, number, numbers) => {
    await everybody(unit);
    const browser = openBrowser(scene);
    expect((await browser.logIn(number, PASSWORD)).kind).toBe(numbers ? 'in' : 'refused');
    if (numbers)
      expect(await browser.here()).toMatchObject({ stage: undefined, subscriber: { number, numbers } });
  });

  it('A1 a number of another line, or of none, sees nothing of this line', async () => {
    await everybody('line');
    scene.lines = [LINE, { lineNumber: '0698765432', brand: 'ntt-west', numbers: ['0698765432'] }];
    expect(await kindOf(scene, '0698765432', PASSWORD)).toBe('refused');
    expect(await kindOf(scene, '0399999999', PASSWORD)).toBe('refused');
  });

  it('A1 a number that leaves its line is not logged in any more', async () => {
    await everybody('number');
    const browser = openBrowser(scene);
    await browser.logIn(USER, PASSWORD);
    scene.lines = [{ ...LINE, numbers: [NUMBER, OTHER] }];
    expect(await browser.look()).toEqual({ kind: 'ended', reason: 'unit-changed' });
    scene.lines = [{ lineNumber: USER, brand: 'ntt-east', numbers: [USER] }];
    expect(await browser.look()).toEqual({ kind: 'ended', reason: 'unit-changed' });
    expect(await kindOf(scene, USER, PASSWORD)).toBe('refused');
  });

  describe('A3 tries', () => {
    it.each([
      ['a password', 10],
      ['a temporary password', 3],
    ])('A3 %s is invalid after %d wrong ones in a row, and the subscriber is told', async (kind, most) => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
      if (kind !== 'a password') await dial(scene);
      const right = kind === 'a password' ? PASSWORD : TEMPORARY;
      await fail(scene, most - 1);
      expect((await stored(scene)).dueMails).toEqual([]);
      expect(await kindOf(scene, NUMBER, right)).toBe('pending');
      expect(scene.lockedOut).toEqual([]);
      await fail(scene, most);
      expect(scene.lockedOut).toEqual([NUMBER]);
      expect((await stored(scene)).dueMails).toMatchObject([
        { kind: 'account-locked', number: NUMBER, recipient: ADDRESS },
      ]);
      expect(await kindOf(scene, NUMBER, right)).toBe('refused');
      expect((await stored(scene)).dueMails).toHaveLength(1);
    });

    it('A3 a good login resets the count; closing a session does not', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      await fail(scene, 9);
      const browser = openBrowser(scene);
      expect(await kindOf(scene, NUMBER, PASSWORD, browser)).toBe('in');
      await fail(scene, 9);
      await logOut(scene.deps, browser.login);
      await fail(scene, 1);
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('refused');
    });

    it('A3 a new temporary password makes tries begin anew', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      await fail(scene, 10);
      await dial(scene);
      expect(await kindOf(scene, NUMBER, TEMPORARY)).toBe('pending');
    });

    it('A3 strangers shut out strangers alone: a browser that logged in before has ten of its own', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      const known = openBrowser(scene);
      await known.logIn(NUMBER, PASSWORD);
      await fail(scene, 12);
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('refused');
      expect(await kindOf(scene, NUMBER, PASSWORD, known)).toBe('in');
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('refused');
      await fail(scene, 10, known);
      expect(await kindOf(scene, NUMBER, PASSWORD, known)).toBe('refused');
    });

    it('A3 a browser known for one number is a stranger to another', async () => {
      await everybody('number');
      const known = openBrowser(scene);
      await known.logIn(USER, PASSWORD);
      await fail(scene, 10);
      expect(await kindOf(scene, NUMBER, PASSWORD, known)).toBe('refused');
    });

    it('A3 a login that has not entered its code makes no browser known', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
      const browser = openBrowser(scene);
      expect(await kindOf(scene, NUMBER, PASSWORD, browser)).toBe('pending');
      expect(browser.known).toBeUndefined();
      expect((await stored(scene)).browsers).toEqual([]);
    });

    it('A3 the five browsers that logged in last are known', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      const browsers = Array.from({ length: 6 }, () => openBrowser(scene));
      for (const browser of browsers) await browser.logIn(NUMBER, PASSWORD);
      await fail(scene, 10);
      expect(await kindOf(scene, NUMBER, PASSWORD, browsers[0])).toBe('refused');
      expect(await kindOf(scene, NUMBER, PASSWORD, browsers[1])).toBe('in');
    });

    it('A3 fifty guesses at once are fifty tries: ten are looked at', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      const compared: (string | null)[] = [];
      const { verify } = scene.hasher;
      scene.hasher.verify = (phc, password) => {
        compared.push(phc);
        return verify(phc, password);
      };
      const results = await Promise.all(Array.from({ length: 50 }, () => kindOf(scene, NUMBER, WRONG)));
      expect(new Set(results)).toEqual(new Set(['refused']));
      expect(compared.filter((phc) => phc !== null)).toHaveLength(10);
      expect(compared).toHaveLength(50);
      expect(scene.sourceTries).toHaveLength(50);
    });

    it('A3 the wait grows from the fourth try on; a try during it is not looked at and does not count', async () => {
      scene = createScene({ waits: [1_000, 2_500] });
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      await fail(scene, 3);
      const stranger = openBrowser(scene);
      const before = await stored(scene);
      expect(await stranger.logIn(NUMBER, PASSWORD)).toEqual({ kind: 'wait', seconds: 1 });
      expect(scene.hasher.verified).toBe(3);
      expect(await stored(scene)).toEqual(before);
      expect(scene.sourceTries).toHaveLength(3);
      scene.now += SECOND;
      await fail(scene, 1);
      expect(await stranger.logIn(NUMBER, WRONG)).toEqual({ kind: 'wait', seconds: 3 });
      scene.now += 2_500;
      await fail(scene, 1);
      scene.now += 2_499;
      expect(await stranger.logIn(NUMBER, WRONG)).toEqual({ kind: 'wait', seconds: 1 });
      scene.now += 1;
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('in');
      await fail(scene, 3);
    });

    it('A3 unknown, not allowed, without, wrong, invalid, lapsed: one answer, one hash, one try of the source', async () => {
      await given(scene, 'line', {
        [NUMBER]: withPassword(scene, PASSWORD),
        [USER]: withPassword(scene, PASSWORD),
      });
      const lapsed = { phc: plain(TEMPORARY), setAt: scene.now - DAY, unit: 'line' as const };
      const cases: [string, string, () => Promise<unknown>][] = [
        ['0399999999', PASSWORD, async () => undefined],
        [USER, PASSWORD, async () => undefined],
        [OTHER, PASSWORD, async () => undefined],
        [NUMBER, WRONG, async () => undefined],
        [NUMBER, PASSWORD, () => fail(scene, 10)],
        [NUMBER, TEMPORARY, () => given(scene, 'line', { [NUMBER]: { temporary: lapsed } })],
        [NUMBER, PASSWORD, () => given(scene, 'line', { [NUMBER]: { invalidated: true } })],
      ];
      for (const [number, password, prepare] of cases) {
        await prepare();
        const { verified, hashed } = scene.hasher;
        const tries = scene.sourceTries.length;
        expect(await openBrowser(scene).logIn(number, password)).toEqual({ kind: 'refused' });
        expect(scene.hasher).toMatchObject({ verified: verified + 1, hashed });
        expect(scene.sourceTries).toHaveLength(tries + 1);
      }
    });

    it('A3 a number of nobody waits like any other', async () => {
      scene = createScene({ waits: [1_000] });
      for (let index = 0; index < 3; index += 1)
        expect(await kindOf(scene, '0399999999', WRONG)).toBe('refused');
      expect(await kindOf(scene, '0399999999', WRONG)).toBe('wait');
    });

    it('A3 past the limit of its source nothing is looked at or counted', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      scene.deps.sources.take = async () => ({ retryAfterSeconds: 7, giveBack: async () => undefined });
      expect(await openBrowser(scene).logIn(NUMBER, PASSWORD)).toEqual({ kind: 'source-limit', seconds: 7 });
      expect(scene.hasher.verified).toBe(0);
      expect((await stored(scene)).others).toEqual(NO_TRIES);
    });

    it('A3 what could not be looked at does not count', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      scene.hasher.isBusy = true;
      for (let index = 0; index < 10; index += 1)
        await expect(kindOf(scene, NUMBER, PASSWORD)).rejects.toThrow(HasherBusy);
      scene.hasher.isBusy = false;
      expect(scene.sourceTries).toEqual([]);
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('in');
    });

    it('A3 a password that changed while it was looked at lets nobody in', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      const { verify } = scene.hasher;
      scene.hasher.verify = async (phc, password) => {
        const isRight = await verify(phc, password);
        await given(scene, 'line', { [NUMBER]: withPassword(scene, NEXT_PASSWORD) });
        return isRight;
      };
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('refused');
      expect(await stored(scene)).toMatchObject({ session: null, pending: null });
    });

    it('A1 a unit that changed while the password was looked at lets nobody in', async () => {
      await everybody('number');
      const { verify } = scene.hasher;
      scene.hasher.verify = async (phc, password) => {
        const isRight = await verify(phc, password);
        await scene.deps.store.change(GROUP, [], () => ({ result: undefined, unit: 'line' as const }));
        return isRight;
      };
      expect(await kindOf(scene, USER, PASSWORD)).toBe('refused');
    });
  });

  describe('A2 the temporary password', () => {
    it.each([
      [DAY - 1, 'pending'],
      [DAY, 'refused'],
    ])('A2 is valid for 24 hours: after %d ms %s', async (ms, kind) => {
      await dial(scene);
      scene.now += ms;
      expect(await kindOf(scene, NUMBER, TEMPORARY)).toBe(kind);
    });

    it('A2 stands in the place of the password, which is back when it lapses', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      await dial(scene);
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('refused');
      scene.now += DAY;
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('in');
    });
  });

  describe('A4 what comes first', () => {
    it.each([
      [60 * DAY - 1, 'in'],
      [60 * DAY, 'pending'],
    ])('A5 a password of %d ms: %s', async (ms, kind) => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      scene.now += ms;
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe(kind);
    });

    it('A5 a brand with 0 days lets no password expire', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      scene.policy = { ...scene.policy, days: 0 };
      scene.now += 1_000 * DAY;
      expect(await kindOf(scene, NUMBER, PASSWORD)).toBe('in');
    });

    it.each<[string, () => Promise<unknown>, string, string]>([
      ['a temporary password', () => dial(scene), TEMPORARY, 'change-password'],
      [
        'an expired password, also with one-time passwords',
        async () => {
          await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
          scene.now += 60 * DAY;
        },
        PASSWORD,
        'change-password',
      ],
      [
        'the first login',
        () => given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, { use: null }) }),
        PASSWORD,
        'choose-one-time',
      ],
      [
        'one-time passwords in use',
        () => given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) }),
        PASSWORD,
        'code',
      ],
    ])('A4 A8 after %s there is a step before', async (_name, prepare, password, stage) => {
      await prepare();
      const browser = openBrowser(scene);
      expect(await browser.logIn(NUMBER, password)).toMatchObject({ kind: 'pending', stage });
      expect(await browser.here()).toMatchObject({ stage });
      expect(await stored(scene)).toMatchObject({ session: null, lastLoginAt: null });
    });
  });

  describe('A12 sessions', () => {
    beforeEach(() => given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) }));

    it('A12 the newest login wins, and the older one hears why, whatever becomes of the newer', async () => {
      const [older, newer] = [openBrowser(scene), openBrowser(scene)];
      await older.logIn(NUMBER, PASSWORD);
      await newer.logIn(NUMBER, PASSWORD);
      expect(await older.look()).toEqual({ kind: 'ended', reason: 'other-login' });
      expect(await newer.look()).toMatchObject({ kind: 'found' });
      await logOut(scene.deps, newer.login);
      expect(await older.look()).toEqual({ kind: 'ended', reason: 'other-login' });
      expect(await newer.look()).toEqual({ kind: 'none' });
    });

    it('A12 a login that only waits ends nobody else', async () => {
      const older = openBrowser(scene);
      await older.logIn(NUMBER, PASSWORD);
      await dial(scene);
      expect(await kindOf(scene, NUMBER, TEMPORARY)).toBe('pending');
      expect(await older.look()).toMatchObject({ kind: 'found' });
    });

    it('A12 is idle for 30 minutes at most', async () => {
      const browser = openBrowser(scene);
      await browser.logIn(NUMBER, PASSWORD);
      scene.now += IDLE_MS - 1;
      expect((await browser.look()).kind).toBe('found');
      scene.now += IDLE_MS - 1;
      expect((await browser.look()).kind).toBe('found');
      scene.now += IDLE_MS;
      expect(await browser.look()).toEqual({ kind: 'none' });
    });

    it('A12 lasts 12 hours at most', async () => {
      const browser = openBrowser(scene);
      await browser.logIn(NUMBER, PASSWORD);
      const end = scene.now + LONGEST_MS;
      while (scene.now + HOUR / 4 < end) {
        scene.now += HOUR / 4;
        expect((await browser.look()).kind).toBe('found');
      }
      scene.now = end - 1;
      expect((await browser.look()).kind).toBe('found');
      scene.now = end;
      expect(await browser.look()).toEqual({ kind: 'ended', reason: 'too-long' });
    });

    it('A12 a login that waits does so for 15 minutes', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
      const browser = openBrowser(scene);
      await browser.logIn(NUMBER, PASSWORD);
      scene.now += 15 * 60 * SECOND - 1;
      expect((await browser.look()).kind).toBe('found');
      scene.now += 1;
      expect(await browser.look()).toEqual({ kind: 'none' });
    });

    it('A12 every login has a secret of its own, and none is stored', async () => {
      const browser = openBrowser(scene);
      await browser.logIn(NUMBER, PASSWORD);
      const first = browser.login!;
      await browser.logIn(NUMBER, PASSWORD);
      expect(browser.login).not.toBe(first);
      const text = JSON.stringify(await stored(scene));
      for (const secret of [first, browser.login!, browser.known!]) expect(text).not.toContain(secret);
    });

    it.each([undefined, '', 'nonsense', 'x'.repeat(43)])(
      'A12 nobody is found by the cookie %j',
      async (login) => {
        const browser = openBrowser(scene);
        await browser.logIn(NUMBER, PASSWORD);
        browser.login = login;
        expect(await browser.look()).toEqual({ kind: 'none' });
        await logOut(scene.deps, login);
        expect((await stored(scene)).session).not.toBeNull();
      },
    );

    it('A12 a browser cookie of any form is replaced, not believed', async () => {
      const browser = openBrowser(scene);
      browser.known = 'chosen by somebody';
      await browser.logIn(NUMBER, PASSWORD);
      expect(browser.known).toMatch(/^[\w-]{43}$/);
    });

    it('A12 a page of a login that was ended by a change of its password says so', async () => {
      const browser = openBrowser(scene);
      await browser.logIn(NUMBER, PASSWORD);
      const change = { number: NUMBER, current: PASSWORD, next: NEXT_PASSWORD };
      expect(await changePassword(scene.deps, await browser.here(), change)).toEqual({ kind: 'changed' });
      expect(await browser.look()).toEqual({ kind: 'ended', reason: 'password-changed' });
    });
  });

  it('A14 a self-care login waits for its code, whatever its password is like', async () => {
    const login = { as: { selfCareId: 'taro' }, password: PASSWORD, browser: undefined, source: '192.0.2.1' };
    expect(await logIn(scene.deps, login)).toEqual({ kind: 'refused' });
    const profile = { brand: 'rakuten-mobile', numbers: ['05012345678'], address: ADDRESS } as const;
    await putSelfCare(scene.deps, 'taro', { ...profile, service: 'ip-phone', password: PASSWORD });
    scene.now += 1_000 * DAY;
    expect(await logIn(scene.deps, login)).toMatchObject({ kind: 'pending', stage: 'code' });
  });
});
