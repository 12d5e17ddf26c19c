import { changePassword } from './change-password.ts';
import { setTemporaryPassword } from './operate.ts';
import {
  ADDRESS,
  createScene,
  DAY,
  given,
  GROUP,
  IN_USE,
  LINE,
  NEXT_PASSWORD,
  NUMBER,
  openBrowser,
  OTHER,
  PASSWORD,
  stored,
  USER,
  withPassword,
  WRONG,
  type Browser,
  type Scene,
} from './testing/access-scene.ts';
import { plain } from './testing/plain-hasher.ts';
import type { Unit } from './unit.ts';

const TEMPORARY = '20485163';
const USERS_PASSWORD = 'yamabuki5k';

describe('changePassword', () => {
  let scene: Scene;
  let browser: Browser;
  beforeEach(() => {
    scene = createScene();
    browser = openBrowser(scene);
  });

  const change = async (more: Partial<Parameters<typeof changePassword>[2]> = {}) =>
    changePassword(scene.deps, await browser.here(), {
      number: NUMBER,
      current: PASSWORD,
      next: NEXT_PASSWORD,
      ...more,
    });

  const everybody = (unit: Unit) =>
    given(scene, unit, {
      [NUMBER]: withPassword(scene, PASSWORD),
      [USER]: withPassword(scene, USERS_PASSWORD, IN_USE),
      [OTHER]: withPassword(scene, USERS_PASSWORD),
    });

  it('A4 after a login with a temporary password it is changed, and the person logs in again', async () => {
    await setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'line', password: TEMPORARY });
    await browser.logIn(NUMBER, TEMPORARY);
    expect(await change({ current: TEMPORARY })).toEqual({ kind: 'changed' });
    expect((await browser.look()).kind).toBe('ended');
    expect((await browser.logIn(NUMBER, TEMPORARY)).kind).toBe('refused');
    expect(await browser.logIn(NUMBER, NEXT_PASSWORD)).toMatchObject({ stage: 'choose-one-time' });
    expect(await stored(scene)).toMatchObject({
      temporary: null,
      password: { phc: plain(NEXT_PASSWORD), changedAt: scene.now },
    });
  });

  it('A4 after an expired one it is changed, and the person logs in again', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    scene.now += 60 * DAY;
    await browser.logIn(NUMBER, PASSWORD);
    expect(await change()).toEqual({ kind: 'changed' });
    expect((await browser.logIn(NUMBER, NEXT_PASSWORD)).kind).toBe('in');
  });

  it.each([
    ['A8 a login that waits for its code', IN_USE],
    ['A8 a login that has not chosen yet', { use: null }],
  ])('%s changes nothing, though its password was right', async (_name, oneTime) => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, oneTime) });
    await browser.logIn(NUMBER, PASSWORD);
    const before = await stored(scene);
    expect(await change()).toEqual({ kind: 'stale' });
    expect(await stored(scene)).toEqual(before);
  });

  it.each<[Unit, string, string, boolean]>([
    ['line', NUMBER, NUMBER, true],
    ['line', NUMBER, USER, false],
    ['number', NUMBER, NUMBER, true],
    ['number', NUMBER, USER, false],
    ['number', USER, USER, true],
    ['number', USER, NUMBER, false],
    ['administrator-user', NUMBER, NUMBER, true],
    ['administrator-user', NUMBER, USER, true],
    ['administrator-user', NUMBER, OTHER, true],
    ['administrator-user', NUMBER, '0399999999', false],
    ['administrator-user', USER, USER, true],
    ['administrator-user', USER, NUMBER, false],
    ['administrator-user', USER, OTHER, false],
  ])('A7 under %s the login %s changes the password of %s: %s', async (unit, login, number, may) => {
    await given(scene, unit, {
      [NUMBER]: withPassword(scene, PASSWORD),
      [USER]: withPassword(scene, PASSWORD),
      [OTHER]: withPassword(scene, USERS_PASSWORD),
    });
    await browser.logIn(login, PASSWORD);
    const before = await stored(scene, number);
    expect((await change({ number })).kind).toBe(may ? 'changed' : 'stale');
    if (may) expect((await stored(scene, number)).password?.phc).toBe(plain(NEXT_PASSWORD));
    else expect(await stored(scene, number)).toEqual(before);
  });

  it('A7 the administrator stays in, the user is logged out and told, and asked for nothing of his', async () => {
    await everybody('administrator-user');
    const user = openBrowser(scene);
    await user.logIn(USER, USERS_PASSWORD);
    await browser.logIn(NUMBER, PASSWORD);
    expect(await change({ number: USER, current: USERS_PASSWORD })).toEqual({ kind: 'current-wrong' });
    expect(await change({ number: USER })).toEqual({ kind: 'changed' });
    expect((await browser.look()).kind).toBe('found');
    expect(await user.look()).toMatchObject({ kind: 'ended', reason: 'password-changed' });
    expect((await stored(scene, USER)).dueMails).toMatchObject([
      { kind: 'password-changed', number: USER, recipient: ADDRESS, brand: 'ntt-east', at: scene.now },
    ]);
    expect((await stored(scene, OTHER)).password?.phc).toBe(plain(USERS_PASSWORD));
  });

  it('A7 a unit that became another meanwhile lets the administrator set nobody’s any more', async () => {
    await everybody('administrator-user');
    await browser.logIn(NUMBER, PASSWORD);
    const login = await browser.here();
    await scene.deps.store.change(GROUP, [], () => ({ result: undefined, unit: 'number' as const }));
    const wanted = { number: USER, current: PASSWORD, next: NEXT_PASSWORD };
    expect(await changePassword(scene.deps, login, wanted)).toEqual({ kind: 'stale' });
  });

  it('A3 a wrong current password counts as a try, ten end the password, and it waits like a login', async () => {
    scene = createScene({ waits: [1_000] });
    browser = openBrowser(scene);
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await browser.logIn(NUMBER, PASSWORD);
    for (let index = 0; index < 10; index += 1) {
      expect(await change({ current: WRONG })).toEqual({ kind: 'current-wrong' });
      if (index === 2) expect(await change({ current: WRONG })).toEqual({ kind: 'wait', seconds: 1 });
      scene.now += 1_000;
    }
    expect(await change()).toEqual({ kind: 'current-wrong' });
  });

  it('A3 A4 strangers who guess at the number do not stop a login that has to change its password', async () => {
    await setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'line', password: TEMPORARY });
    await browser.logIn(NUMBER, TEMPORARY);
    for (let index = 0; index < 5; index += 1) await openBrowser(scene).logIn(NUMBER, WRONG);
    expect(await change({ current: TEMPORARY })).toEqual({ kind: 'changed' });
  });

  it('A4 five wrong current passwords in a row, also at once, end a login that has to change its own', async () => {
    await setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'line', password: TEMPORARY });
    await browser.logIn(NUMBER, TEMPORARY);
    const login = await browser.here();
    const wanted = { number: NUMBER, current: WRONG, next: NEXT_PASSWORD };
    const results = await Promise.all(
      Array.from({ length: 20 }, () => changePassword(scene.deps, login, wanted)),
    );
    expect(scene.hasher.verified).toBe(1 + 5);
    expect(results.at(-1)).toEqual({ kind: 'stale' });
    expect(await changePassword(scene.deps, login, { ...wanted, current: TEMPORARY })).toEqual({
      kind: 'stale',
    });
  });

  it.each([
    ['short1', 'length'],
    ['12345678', 'only-digits'],
    [PASSWORD, 'same'],
    ['password1', 'well-known'],
  ])('A5 the new password %s is refused: %s', async (next, problem) => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await browser.logIn(NUMBER, PASSWORD);
    expect(await change({ next })).toEqual({ kind: 'next', problem });
    expect((await stored(scene)).password?.phc).toBe(plain(PASSWORD));
  });

  it('A5 the current one is the stored one and the temporary one', async () => {
    scene.policy = { ...scene.policy, notOnly: [] };
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'line', password: TEMPORARY });
    await browser.logIn(NUMBER, TEMPORARY);
    for (const next of [PASSWORD, TEMPORARY])
      expect(await change({ current: TEMPORARY, next })).toEqual({ kind: 'next', problem: 'same' });
  });

  it('A5 the number that gets the password must not be in it', async () => {
    await everybody('administrator-user');
    await browser.logIn(NUMBER, PASSWORD);
    const next = `${USER.slice(1)}abc`;
    expect(await change({ number: USER, next })).toEqual({ kind: 'next', problem: 'contains-number' });
    expect(await change({ number: OTHER, next })).toEqual({ kind: 'changed' });
  });

  it('A15 a password that an operator made invalid is valid again when it is changed', async () => {
    await given(scene, 'line', { [NUMBER]: { ...withPassword(scene, PASSWORD), invalidated: true } });
    await setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'line', password: TEMPORARY });
    await browser.logIn(NUMBER, TEMPORARY);
    expect(await change({ current: TEMPORARY })).toEqual({ kind: 'changed' });
    expect((await browser.logIn(NUMBER, NEXT_PASSWORD)).kind).toBe('in');
  });

  it('O4 nobody is told where no address is known', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await browser.logIn(NUMBER, PASSWORD);
    await change();
    expect((await stored(scene)).dueMails).toEqual([]);
  });

  it('A4 a login that ended meanwhile changes nothing', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await browser.logIn(NUMBER, PASSWORD);
    const login = await browser.here();
    await openBrowser(scene).logIn(NUMBER, PASSWORD);
    const wanted = { number: NUMBER, current: PASSWORD, next: NEXT_PASSWORD };
    expect(await changePassword(scene.deps, login, wanted)).toEqual({ kind: 'stale' });
  });

  it('A4 of two changes at once one holds', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await browser.logIn(NUMBER, PASSWORD);
    const login = await browser.here();
    const wanted = { number: NUMBER, current: PASSWORD };
    const results = await Promise.all(
      [NEXT_PASSWORD, USERS_PASSWORD].map((next) => changePassword(scene.deps, login, { ...wanted, next })),
    );
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['changed', 'stale']);
  });

  it('A3 a temporary password that was dialled meanwhile is not gone with what it was not', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await browser.logIn(NUMBER, PASSWORD);
    const { hash } = scene.hasher;
    scene.hasher.hash = async (password) => {
      scene.hasher.hash = hash;
      await setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'number', password: TEMPORARY });
      return hash(password);
    };
    expect(await change()).toEqual({ kind: 'stale' });
    expect((await stored(scene)).temporary).not.toBeNull();
  });

  describe('A2 the dialled unit', () => {
    const dialled = async (from: Unit | null, to: Unit, number: string) => {
      await given(scene, from, {
        [NUMBER]: withPassword(scene, PASSWORD),
        [USER]: withPassword(scene, USERS_PASSWORD),
        [OTHER]: withPassword(scene, USERS_PASSWORD),
      });
      await setTemporaryPassword(scene.deps, LINE, { number, unit: to, password: TEMPORARY });
      return async () => {
        await browser.logIn(number, TEMPORARY);
        return change({ number, current: TEMPORARY });
      };
    };
    const unit = async () => (await scene.deps.store.read(GROUP, [])).unit;
    const passwords = async () =>
      Promise.all(LINE.numbers.map(async (number) => (await stored(scene, number)).password?.phc));

    it('A2 becomes the line’s when the new password is set with it, not at the call', async () => {
      const set = await dialled('line', 'number', NUMBER);
      expect(await unit()).toBe('line');
      await set();
      expect(await unit()).toBe('number');
    });

    it.each<[Unit | null, Unit, string, readonly (string | undefined)[]]>([
      [null, 'line', NUMBER, [NEXT_PASSWORD, USERS_PASSWORD, USERS_PASSWORD]],
      ['number', 'number', USER, [PASSWORD, NEXT_PASSWORD, USERS_PASSWORD]],
      ['number', 'line', NUMBER, [NEXT_PASSWORD, undefined, undefined]],
      ['number', 'administrator-user', USER, [PASSWORD, NEXT_PASSWORD, USERS_PASSWORD]],
      ['line', 'number', NUMBER, [NEXT_PASSWORD, NEXT_PASSWORD, NEXT_PASSWORD]],
      [null, 'number', USER, [PASSWORD, NEXT_PASSWORD, PASSWORD]],
      ['line', 'administrator-user', USER, [PASSWORD, NEXT_PASSWORD, PASSWORD]],
      ['line', 'administrator-user', NUMBER, [NEXT_PASSWORD, NEXT_PASSWORD, NEXT_PASSWORD]],
      ['administrator-user', 'number', NUMBER, [NEXT_PASSWORD, USERS_PASSWORD, USERS_PASSWORD]],
      ['administrator-user', 'line', NUMBER, [NEXT_PASSWORD, undefined, undefined]],
    ])('A2 A6 from %s to %s by %s leaves the passwords %j', async (from, to, number, expected) => {
      const set = await dialled(from, to, number);
      expect(await set()).toEqual({ kind: 'changed' });
      expect(await unit()).toBe(to);
      expect(await passwords()).toEqual(expected.map((password) => password && plain(password)));
    });

    it('A2 also when it was dialled while somebody was in', async () => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      await browser.logIn(NUMBER, PASSWORD);
      const login = await browser.here();
      await setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'number', password: TEMPORARY });
      const wanted = { number: NUMBER, current: TEMPORARY, next: NEXT_PASSWORD };
      expect(await changePassword(scene.deps, login, wanted)).toEqual({ kind: 'changed' });
      expect(await unit()).toBe('number');
      expect((await openBrowser(scene).logIn(USER, NEXT_PASSWORD)).kind).toBe('pending');
    });

    it('A6 ends every login of the line', async () => {
      const set = await dialled('number', 'administrator-user', NUMBER);
      const user = openBrowser(scene);
      await user.logIn(USER, USERS_PASSWORD);
      await set();
      expect(await user.look()).toMatchObject({ kind: 'ended', reason: 'unit-changed' });
    });
  });
});
