import { logIn } from './log-in.ts';
import { deleteSelfCare, getSelfCare, putSelfCare } from './self-care.ts';
import { ADDRESS, createScene, openBrowser, PASSWORD, WRONG, type Scene } from './testing/access-scene.ts';

const PROFILE = {
  brand: 'rakuten-mobile',
  numbers: ['05012345678'],
  address: ADDRESS,
  service: 'ip-phone',
} as const;

describe('self-care ids', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = createScene();
    await putSelfCare(scene.deps, 'taro', { ...PROFILE, password: PASSWORD });
  });

  const tried = async (password: string, browser = openBrowser(scene)) =>
    browser.keep(
      await logIn(scene.deps, {
        as: { selfCareId: 'taro' },
        password,
        browser: browser.known,
        source: '192.0.2.1',
      }),
    );

  it('A14 what the operator says is read back, never the password', async () => {
    expect(await getSelfCare(scene.deps, 'taro')).toEqual(PROFILE);
    expect(await getSelfCare(scene.deps, 'jiro')).toBeUndefined();
  });

  it('A14 without a password it keeps the one it has, and its logins', async () => {
    const browser = openBrowser(scene);
    await tried(PASSWORD, browser);
    await putSelfCare(scene.deps, 'taro', { ...PROFILE, service: 'b2bua' });
    expect((await browser.look()).kind).toBe('found');
    expect((await tried(PASSWORD)).kind).toBe('pending');
    expect(await getSelfCare(scene.deps, 'taro')).toMatchObject({ service: 'b2bua' });
  });

  it('A14 a new password ends its logins, and tries begin anew', async () => {
    const browser = openBrowser(scene);
    await tried(PASSWORD, browser);
    for (let index = 0; index < 10; index += 1) expect((await tried(WRONG)).kind).toBe('refused');
    expect((await tried(PASSWORD)).kind).toBe('refused');
    await putSelfCare(scene.deps, 'taro', { ...PROFILE, password: 'momiji88y' });
    expect(await browser.look()).toEqual({ kind: 'ended', reason: 'password-changed' });
    expect((await tried('momiji88y')).kind).toBe('pending');
  });

  it('A14 another address for its codes ends its logins: one sent to the old address lets nobody in', async () => {
    const browser = openBrowser(scene);
    await tried(PASSWORD, browser);
    await putSelfCare(scene.deps, 'taro', { ...PROFILE, address: 'b@example.jp' });
    expect(await browser.look()).toEqual({ kind: 'ended', reason: 'operator' });
    expect((await tried(PASSWORD)).kind).toBe('pending');
  });

  it('A14 O4 ten wrong passwords are told to the address that the operator gave', async () => {
    for (let index = 0; index < 10; index += 1) await tried(WRONG);
    const { accounts } = await scene.deps.store.read('self-care:taro', ['taro']);
    expect(accounts.get('taro')?.dueMails).toMatchObject([
      { kind: 'account-locked', number: '05012345678', brand: 'rakuten-mobile', recipient: ADDRESS },
    ]);
  });

  it('A14 is forgotten with its logins', async () => {
    const browser = openBrowser(scene);
    await tried(PASSWORD, browser);
    expect(await deleteSelfCare(scene.deps, 'taro')).toBe(true);
    expect(await deleteSelfCare(scene.deps, 'taro')).toBe(false);
    expect((await browser.look()).kind).toBe('ended');
    expect((await tried(PASSWORD)).kind).toBe('refused');
    expect(await getSelfCare(scene.deps, 'taro')).toBeUndefined();
  });
});
