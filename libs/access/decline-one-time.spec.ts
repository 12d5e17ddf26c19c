import { declineOneTime } from './decline-one-time.ts';
import { logIn } from './log-in.ts';
import { putSelfCare } from './self-care.ts';
import {
  ADDRESS,
  createScene,
  given,
  IN_USE,
  NUMBER,
  openBrowser,
  PASSWORD,
  stored,
  withPassword,
  type Browser,
  type Scene,
} from './testing/access-scene.ts';

describe('declineOneTime', () => {
  let scene: Scene;
  let browser: Browser;
  beforeEach(() => {
    scene = createScene();
    browser = openBrowser(scene);
  });

  const registration = { address: ADDRESS, confirmation: null, link: 'l', expiresAt: Infinity };
  const decline = async () =>
    browser.keep(await declineOneTime(scene.deps, await browser.here(), browser.known));

  it('A8 at the first login lets it in under another secret, and is asked no more', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, { use: null, registration }) });
    await browser.logIn(NUMBER, PASSWORD);
    const before = browser.login;
    expect((await decline()).kind).toBe('in');
    expect(browser.login).not.toBe(before);
    expect(await browser.here()).toMatchObject({ stage: undefined });
    expect((await stored(scene)).oneTime).toMatchObject({ use: false, registration: null });
    expect((await openBrowser(scene).logIn(NUMBER, PASSWORD)).kind).toBe('in');
  });

  it('A8 later keeps the login, and what is registered for the next time', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    await browser.logIn(NUMBER, PASSWORD);
    await given(scene, 'line', {
      [NUMBER]: {
        ...(await stored(scene)),
        oneTime: { ...(await stored(scene)).oneTime, ...IN_USE, registration },
      },
    });
    expect(await decline()).toEqual({ kind: 'kept' });
    expect((await browser.look()).kind).toBe('found');
    expect((await stored(scene)).oneTime).toMatchObject({ ...IN_USE, use: false, registration: null });
  });

  it.each([
    ['that waits for its code', 0, IN_USE],
    ['whose password has expired', 61 * 86_400_000, { use: null }],
  ])('A8 a login %s does not come in by declining', async (_name, ms, oneTime) => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, oneTime) });
    scene.now += ms;
    await browser.logIn(NUMBER, PASSWORD);
    const before = await stored(scene);
    expect(await decline()).toEqual({ kind: 'stale' });
    expect(await stored(scene)).toEqual(before);
  });

  it('A8 a login that chose one-time passwords on another device meanwhile does not come in', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, { use: null }) });
    await browser.logIn(NUMBER, PASSWORD);
    const login = await browser.here();
    await given(scene, 'line', {
      [NUMBER]: { ...(await stored(scene)), oneTime: { ...(await stored(scene)).oneTime, ...IN_USE } },
    });
    expect(await declineOneTime(scene.deps, login, undefined)).toEqual({ kind: 'stale' });
  });

  it('A14 a self-care login does not come in without its code', async () => {
    const profile = { brand: 'rakuten-mobile', numbers: ['05012345678'], address: ADDRESS };
    await putSelfCare(scene.deps, 'taro', { ...profile, service: 'ip-phone', password: PASSWORD });
    const tried = { as: { selfCareId: 'taro' }, password: PASSWORD, browser: undefined, source: '192.0.2.1' };
    browser.keep(await logIn(scene.deps, tried));
    const found = await browser.look();
    if (found.kind !== 'found') throw new Error(found.kind);
    expect(await declineOneTime(scene.deps, found.login, undefined)).toEqual({ kind: 'stale' });
    expect(await browser.look()).toMatchObject({ kind: 'found', login: { stage: 'code' } });
  });
});
