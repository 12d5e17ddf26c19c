import { changeConfirmationId, changeConfirmationPassword, confirmPair } from './confirmation.ts';
import { enterCode, sendCode } from './one-time.ts';
import { HasherBusy } from './password-hasher.ts';
import { addressEntry } from './register-address.ts';
import {
  createScene,
  DAY,
  given,
  IN_USE,
  NUMBER,
  openBrowser,
  PAIR,
  PASSWORD,
  stored,
  withPassword,
  type Browser,
  type Scene,
} from './testing/access-scene.ts';
import { plain } from './testing/plain-hasher.ts';

const WRONG_PAIR = { ...PAIR, password: 'sumire31w' };

describe('the confirmation pair', () => {
  let scene: Scene;
  let browser: Browser;
  beforeEach(async () => {
    scene = createScene();
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
    browser = openBrowser(scene);
    await browser.logIn(NUMBER, PASSWORD);
  });

  const confirm = async (pair = PAIR) => confirmPair(scene.deps, await browser.here(), pair);
  const comeIn = async () => {
    await sendCode(scene.deps, await browser.here());
    const secret = scene.mails.at(-1)?.secret;
    const code = secret && 'code' in secret ? secret.code : '';
    const entered = { code, browser: browser.known };
    expect(browser.keep(await enterCode(scene.deps, await browser.here(), entered)).kind).toBe('in');
  };
  const mayEnter = async () => addressEntry(await browser.here());

  it('A10 opens the change of the address to a login that waits for its code, and nothing else', async () => {
    expect(await mayEnter()).toBeUndefined();
    expect(await confirm()).toBe('right');
    expect(await mayEnter()).toEqual({ confirmation: false });
    expect(await browser.here()).toMatchObject({ stage: 'code' });
    expect((await stored(scene)).session).toBeNull();
  });

  it.each([
    ['id', { ...PAIR, id: 'Kakunin02' }],
    ['password', WRONG_PAIR],
    ['id, by its capitals', { ...PAIR, id: 'kakunin01' }],
    ['id and password', { id: '', password: '' }],
  ])('A10 a wrong %s opens nothing', async (_name, pair) => {
    expect(await confirm(pair)).toBe('wrong');
    expect(await mayEnter()).toBeUndefined();
  });

  it('A10 five wrong pairs in a row close it until the next full login', async () => {
    for (let index = 0; index < 4; index += 1) expect(await confirm(WRONG_PAIR)).toBe('wrong');
    expect(await confirm()).toBe('right');
    for (let index = 0; index < 5; index += 1) expect(await confirm(WRONG_PAIR)).toBe('wrong');
    expect(await confirm()).toBe('closed');
    await browser.logIn(NUMBER, PASSWORD);
    expect(await confirm()).toBe('closed');
    await comeIn();
    await browser.logIn(NUMBER, PASSWORD);
    expect(await confirm()).toBe('right');
  });

  it('A10 fifty pairs at once are fifty tries: five are looked at', async () => {
    const login = await browser.here();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => confirmPair(scene.deps, login, WRONG_PAIR)),
    );
    expect(results.filter((result) => result === 'wrong')).toHaveLength(5);
    expect(results.filter((result) => result === 'closed')).toHaveLength(45);
  });

  it('A10 a pair that could not be looked at does not count', async () => {
    scene.hasher.isBusy = true;
    for (let index = 0; index < 5; index += 1) await expect(confirm()).rejects.toThrow(HasherBusy);
    scene.hasher.isBusy = false;
    expect(await confirm()).toBe('right');
  });

  it.each([
    ['A10 where none is registered', { ...IN_USE, confirmation: null }],
    ['A10 to a login that has to choose first', { use: null }],
    ['A10 to a login that is in', { ...IN_USE, use: false }],
  ])('%s there is nothing to confirm', async (_name, oneTime) => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, oneTime) });
    await browser.logIn(NUMBER, PASSWORD);
    expect(await confirm()).toBe('stale');
  });

  it('A10 a login that has to change its password first opens nothing', async () => {
    scene.now += 60 * DAY;
    await browser.logIn(NUMBER, PASSWORD);
    expect(await confirm()).toBe('stale');
  });

  const changeId = async (next: string, current = PAIR.id) =>
    changeConfirmationId(scene.deps, await browser.here(), { current, next });
  const changePassword = async (next: string, current = PAIR.password) =>
    changeConfirmationPassword(scene.deps, await browser.here(), { current, next });

  it('A9 a login that waits for its code changes neither, and learns nothing', async () => {
    for (const id of [PAIR.id, 'Kakunin02'])
      expect(await changeId('Kakunin03', id)).toEqual({ kind: 'stale' });
    for (const password of [PAIR.password, 'sumire31w'])
      expect(await changePassword('botan53yq', password)).toEqual({ kind: 'stale' });
    expect((await stored(scene)).oneTime.wrongPairs).toBe(0);
  });

  it('A9 a login that is in changes both; the current one is asked', async () => {
    await comeIn();
    expect(await changeId('Kakunin02', 'Kakunin03')).toEqual({ kind: 'current-wrong' });
    expect(await changeId('Kakunin02')).toEqual({ kind: 'changed' });
    expect(await changePassword('botan53yq', 'sumire31w')).toEqual({ kind: 'current-wrong' });
    expect(await changePassword('botan53yq')).toEqual({ kind: 'changed' });
    expect((await stored(scene)).oneTime.confirmation).toEqual({ id: 'Kakunin02', phc: plain('botan53yq') });
    await browser.logIn(NUMBER, PASSWORD);
    expect(await confirm()).toBe('wrong');
    expect(await confirm({ id: 'Kakunin02', password: 'botan53yq' })).toBe('right');
  });

  it('A9 not the current one, and nothing that the rules refuse', async () => {
    await comeIn();
    expect(await changeId(PAIR.id)).toEqual({ kind: 'next', problem: 'same' });
    expect(await changePassword(PAIR.password)).toEqual({ kind: 'next', problem: 'same' });
    expect(await changeId('short')).toEqual({ kind: 'next', problem: 'length' });
    expect(await changePassword('abcd1357')).toEqual({ kind: 'next', problem: 'run' });
    expect((await stored(scene)).oneTime).toMatchObject(IN_USE);
  });

  it('A10 five wrong current ones close this way too', async () => {
    await comeIn();
    for (let index = 0; index < 5; index += 1)
      expect(await changePassword('botan53yq', 'sumire31w')).toEqual({ kind: 'current-wrong' });
    expect(await changePassword('botan53yq')).toEqual({ kind: 'closed' });
    expect(await changeId('Kakunin02')).toEqual({ kind: 'closed' });
  });

  it('A9 a login that ended meanwhile changes nothing', async () => {
    await comeIn();
    const login = await browser.here();
    const { hash } = scene.hasher;
    scene.hasher.hash = async (password) => {
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
      return hash(password);
    };
    const change = { current: PAIR.password, next: 'botan53yq' };
    expect(await changeConfirmationPassword(scene.deps, login, change)).toEqual({ kind: 'stale' });
  });
});
