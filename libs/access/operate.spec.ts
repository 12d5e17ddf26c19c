import { accessState, intervene, INTERVENTIONS, setTemporaryPassword, type Intervention } from './operate.ts';
import { NO_ONE_TIME, NO_TRIES } from './account.ts';
import {
  ADDRESS,
  createScene,
  DAY,
  given,
  IN_USE,
  LINE,
  NUMBER,
  openBrowser,
  PASSWORD,
  stored,
  USER,
  withPassword,
  WRONG,
  type Scene,
} from './testing/access-scene.ts';
import { plain } from './testing/plain-hasher.ts';
import type { Unit } from './unit.ts';

const TEMPORARY = '20485163';

describe('the help desk', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = createScene();
  });

  const state = () => accessState(scene.deps, LINE, NUMBER);
  const temporary = (ms = 0) => ({ phc: plain(TEMPORARY), setAt: scene.now - ms, unit: 'number' as const });
  const spent = (wrong: number) => ({ others: { wrong, streak: wrong, lastAt: scene.now } });

  it('A15 of a line that nobody has chosen a unit for reads line, and nothing is set', async () => {
    expect(await state()).toEqual({
      unit: 'line',
      password: 'none',
      passwordExpiresAt: undefined,
      oneTimePassword: { use: null, address: null, pending: false },
      sessions: 0,
      lastLoginAt: null,
      interventions: [],
    });
  });

  it.each<[string, () => Parameters<typeof given>[2][string]]>([
    ['set', () => withPassword(scene, PASSWORD)],
    ['set', () => ({ ...withPassword(scene, PASSWORD), ...spent(9) })],
    ['expired', () => ({ password: { phc: 'p', changedAt: scene.now - 60 * DAY } })],
    ['invalid', () => ({ ...withPassword(scene, PASSWORD), invalidated: true })],
    ['invalid', () => ({ ...withPassword(scene, PASSWORD), ...spent(10) })],
    ['temporary', () => ({ ...withPassword(scene, PASSWORD), temporary: temporary() })],
    ['invalid', () => ({ temporary: temporary(), ...spent(3) })],
    ['set', () => ({ ...withPassword(scene, PASSWORD), temporary: temporary(DAY) })],
    ['none', () => ({ temporary: temporary(DAY) })],
  ])('A15 says of a password that it is %s', async (password, account) => {
    await given(scene, 'number', { [NUMBER]: account() });
    expect(await state()).toMatchObject({ unit: 'number', password });
  });

  it('A15 says when the password expires, who is in, and what waits for its link; never a secret', async () => {
    const registration = { address: ADDRESS, confirmation: null, link: 'l', expiresAt: scene.now + 1 };
    await given(scene, null, { [NUMBER]: withPassword(scene, PASSWORD, { registration }) });
    await openBrowser(scene).logIn(NUMBER, PASSWORD);
    expect(await state()).toMatchObject({
      passwordExpiresAt: scene.now + 60 * DAY,
      oneTimePassword: { use: false, address: null, pending: true },
      sessions: 1,
      lastLoginAt: scene.now,
    });
    const account = await stored(scene);
    const text = JSON.stringify(await state());
    for (const secret of ['plain:', account.session!.hash, account.browsers[0]!.hash])
      expect(text).not.toContain(secret);
    scene.now += 1;
    expect((await state()).oneTimePassword.pending).toBe(false);
  });

  const act = (what: Intervention) => intervene(scene.deps, LINE, { number: NUMBER, what, by: 'desk-1' });

  it.each(INTERVENTIONS)('A15 %s ends the logins and records who did it, the newest first', async (what) => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    const browser = openBrowser(scene);
    await browser.logIn(NUMBER, PASSWORD);
    await act('end-sessions');
    expect(await browser.look()).toEqual({ kind: 'ended', reason: 'operator' });
    scene.now += 1;
    await act(what);
    expect((await state()).interventions).toEqual([
      { at: scene.now, by: 'desk-1', what },
      { at: scene.now - 1, by: 'desk-1', what: 'end-sessions' },
    ]);
  });

  it.each(INTERVENTIONS)('A15 %s ends a login that waits, too', async (what) => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
    const browser = openBrowser(scene);
    await browser.logIn(NUMBER, PASSWORD);
    await act(what);
    expect((await browser.look()).kind).toBe('ended');
  });

  it('A15 O4 an invalid password logs nobody in, nor does a temporary one, and the subscriber is told', async () => {
    await given(scene, 'line', {
      [NUMBER]: { ...withPassword(scene, PASSWORD, IN_USE), temporary: temporary() },
    });
    await act('invalidate-password');
    for (const password of [PASSWORD, TEMPORARY])
      expect((await openBrowser(scene).logIn(NUMBER, password)).kind).toBe('refused');
    expect((await stored(scene)).dueMails).toMatchObject([{ kind: 'account-locked', recipient: ADDRESS }]);
    await setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'line', password: TEMPORARY });
    expect((await openBrowser(scene).logIn(NUMBER, TEMPORARY)).kind).toBe('pending');
    scene.now += DAY;
    expect((await openBrowser(scene).logIn(NUMBER, PASSWORD)).kind).toBe('refused');
  });

  it('A15 O4 one-time passwords are off, to be chosen anew, and the address of before is told', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
    await act('reset-one-time-password');
    expect(await stored(scene)).toMatchObject({
      oneTime: NO_ONE_TIME,
      dueMails: [{ kind: 'address-changed', number: NUMBER, recipient: ADDRESS }],
    });
    const browser = openBrowser(scene);
    expect(await browser.logIn(NUMBER, PASSWORD)).toMatchObject({ stage: 'choose-one-time' });
  });

  it('A15 the last twenty interventions are remembered', async () => {
    for (let index = 0; index < 21; index += 1) {
      scene.now += 1;
      await act('end-sessions');
    }
    const { interventions } = await state();
    expect(interventions).toHaveLength(20);
    expect(interventions[0]?.at).toBe(scene.now);
  });
});

describe('setTemporaryPassword', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = createScene();
  });
  const set = (more: { number?: string; unit?: Unit; caller?: string; by?: string; password?: string }) =>
    setTemporaryPassword(scene.deps, LINE, { number: NUMBER, unit: 'line', password: TEMPORARY, ...more });

  it('A2 takes the place of one set before, begins tries anew, and leaves the unit as it is', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await set({});
    for (let index = 0; index < 3; index += 1) await openBrowser(scene).logIn(NUMBER, WRONG);
    expect(await set({ password: '70415926', unit: 'number' })).toBe(true);
    expect(await stored(scene)).toMatchObject({
      password: { phc: plain(PASSWORD) },
      temporary: { phc: plain('70415926'), setAt: scene.now, unit: 'number' },
      others: NO_TRIES,
      interventions: [],
    });
    expect((await accessState(scene.deps, LINE, NUMBER)).unit).toBe('line');
  });

  it('A15 is recorded when it came by the API', async () => {
    await set({ by: 'desk-1' });
    expect((await stored(scene)).interventions).toMatchObject([{ by: 'desk-1', what: 'temporary-password' }]);
  });

  it.each<[Unit, string, Unit, string, boolean]>([
    ['line', NUMBER, 'line', NUMBER, true],
    ['line', USER, 'line', NUMBER, true],
    ['line', NUMBER, 'line', USER, false],
    ['line', USER, 'number', NUMBER, true],
    ['line', USER, 'administrator-user', USER, true],
    ['line', USER, 'administrator-user', NUMBER, false],
    ['number', USER, 'line', NUMBER, true],
    ['administrator-user', NUMBER, 'line', NUMBER, true],
    ['administrator-user', NUMBER, 'number', USER, true],
    ['administrator-user', NUMBER, 'administrator-user', USER, true],
    ['administrator-user', USER, 'administrator-user', USER, true],
    ['administrator-user', USER, 'administrator-user', NUMBER, false],
    ['administrator-user', USER, 'line', NUMBER, false],
    ['administrator-user', USER, 'number', USER, false],
    ['administrator-user', USER, 'number', NUMBER, false],
  ])('A2 under %s %s dials %s for %s: %s', async (present, caller, unit, number, isAllowed) => {
    await given(scene, present, { [number]: {} });
    expect(await set({ number, unit, caller })).toBe(isAllowed);
    expect((await stored(scene, number)).temporary !== null).toBe(isAllowed);
  });
});
