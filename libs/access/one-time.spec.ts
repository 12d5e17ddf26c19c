import { enterCode, sendCode } from './one-time.ts';
import { logIn } from './log-in.ts';
import { findLogin } from './find-login.ts';
import { putSelfCare } from './self-care.ts';
import { changePassword } from './change-password.ts';
import {
  ADDRESS,
  createScene,
  given,
  IN_USE,
  MINUTE,
  NUMBER,
  openBrowser,
  PASSWORD,
  SECOND,
  stored,
  withPassword,
  type Browser,
  type Scene,
} from './testing/access-scene.ts';

describe('one-time passwords', () => {
  let scene: Scene;
  let browser: Browser;
  beforeEach(async () => {
    scene = createScene();
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, IN_USE) });
    browser = openBrowser(scene);
    await browser.logIn(NUMBER, PASSWORD);
  });

  const send = async (from = browser) => sendCode(scene.deps, await from.here());
  const codeOf = (mail = scene.mails.at(-1)) =>
    mail?.secret && 'code' in mail.secret ? mail.secret.code : '';
  const otherThan = (code: string) => (code === '00000000' ? '00000001' : '00000000');
  const enter = async (code: string, from = browser) =>
    from.keep(await enterCode(scene.deps, await from.here(), { code, browser: from.known }));

  it('A8 O1 each login sends a code of 8 digits, valid for 300 seconds, to the registered address', async () => {
    expect(await send()).toEqual({ kind: 'sent' });
    expect(scene.mails).toEqual([
      {
        kind: 'one-time-password',
        number: NUMBER,
        brand: 'ntt-east',
        recipient: ADDRESS,
        issuedAt: scene.now,
        expiresAt: scene.now + 300 * SECOND,
        secret: { code: expect.stringMatching(/^[0-9]{8}$/) },
      },
    ]);
    expect((await enter(codeOf())).kind).toBe('in');
    expect(await browser.here()).toMatchObject({ stage: undefined });
    expect((await stored(scene)).lastLoginAt).toBe(scene.now);
  });

  it.each([
    [300 * SECOND - 1, 'in'],
    [300 * SECOND, 'expired'],
  ])('O1 a code after %d ms: %s', async (ms, kind) => {
    await send();
    scene.now += ms;
    expect((await enter(codeOf())).kind).toBe(kind);
  });

  it('A8 is in under another secret; the one before finds nothing, and the code serves once', async () => {
    await send();
    const waiting = await browser.here();
    const before = browser.login!;
    await enter(codeOf());
    expect(browser.login).not.toBe(before);
    expect(await findLogin(scene.deps, { login: before, browser: undefined })).toEqual({ kind: 'none' });
    const again = { code: codeOf(), browser: undefined };
    expect(await enterCode(scene.deps, waiting, again)).toEqual({ kind: 'stale' });
  });

  it('A8 of two that enter the code at once one is in', async () => {
    await send();
    const login = await browser.here();
    const entered = { code: codeOf(), browser: undefined };
    const results = await Promise.all([1, 2].map(() => enterCode(scene.deps, login, entered)));
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['in', 'stale']);
  });

  it('A8 asks for a code to be sent first, which costs nothing', async () => {
    for (let index = 0; index < 6; index += 1) expect(await enter('00000000')).toEqual({ kind: 'not-sent' });
  });

  it('A8 five wrong ones in a row end the login, counted across codes; the next needs the password', async () => {
    await send();
    for (let index = 0; index < 3; index += 1)
      expect(await enter(otherThan(codeOf()))).toEqual({ kind: 'wrong' });
    await send();
    expect(await enter(otherThan(codeOf()))).toEqual({ kind: 'wrong' });
    expect(await enter(otherThan(codeOf()))).toEqual({ kind: 'ended' });
    expect(await browser.look()).toEqual({ kind: 'none' });
    expect(await stored(scene)).toMatchObject({ pending: null, session: null });
    expect((await browser.logIn(NUMBER, PASSWORD)).kind).toBe('pending');
  });

  it('A8 fifty codes at once are fifty tries: five are looked at', async () => {
    await send();
    const login = await browser.here();
    const wrong = { code: otherThan(codeOf()), browser: undefined };
    const results = await Promise.all(Array.from({ length: 50 }, () => enterCode(scene.deps, login, wrong)));
    const kinds = results.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'wrong')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'ended')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'stale')).toHaveLength(45);
  });

  it('A8 a new code takes the place of the one before', async () => {
    await send();
    const first = codeOf();
    await send();
    expect(await enter(first)).toEqual({ kind: 'wrong' });
    expect((await enter(codeOf())).kind).toBe('in');
  });

  it('A8 at most five codes go out in 15 minutes, whatever the logins', async () => {
    for (let index = 0; index < 5; index += 1) {
      await browser.logIn(NUMBER, PASSWORD);
      expect(await send()).toEqual({ kind: 'sent' });
      scene.now += MINUTE;
    }
    expect(await send()).toEqual({ kind: 'too-many', seconds: 600 });
    expect(scene.mails).toHaveLength(5);
    scene.now += 10 * MINUTE - 1;
    expect(await send()).toEqual({ kind: 'too-many', seconds: 1 });
    scene.now += 1;
    expect(await send()).toEqual({ kind: 'sent' });
    expect(await send()).toMatchObject({ kind: 'too-many' });
  });

  it('A8 with Kafka away nothing counts, and the code before is good', async () => {
    await send();
    const first = codeOf();
    scene.now += SECOND;
    scene.isKafkaAway = true;
    for (let index = 0; index < 6; index += 1) await expect(send()).rejects.toMatchObject({ code: 'away' });
    scene.isKafkaAway = false;
    expect((await stored(scene)).oneTime.codesSentAt).toHaveLength(1);
    expect((await enter(first)).kind).toBe('in');
  });

  it('A8 a login that waits does so for 15 minutes from its last code', async () => {
    scene.now += 10 * MINUTE;
    await send();
    scene.now += 15 * MINUTE - 1;
    expect((await browser.look()).kind).toBe('found');
    scene.now += 1;
    expect((await browser.look()).kind).toBe('none');
  });

  it('A8 the code of one login is of no use to another', async () => {
    await send();
    const code = codeOf();
    await browser.logIn(NUMBER, PASSWORD);
    expect(await enter(code)).toEqual({ kind: 'not-sent' });
  });

  it('A4 a password that has to be changed comes before the code', async () => {
    scene.now += 60 * 24 * 60 * MINUTE;
    await browser.logIn(NUMBER, PASSWORD);
    expect(await send()).toEqual({ kind: 'stale' });
    const login = await browser.here();
    const change = { number: NUMBER, current: PASSWORD, next: 'momiji88y' };
    expect((await changePassword(scene.deps, login, change)).kind).toBe('changed');
    expect(await browser.logIn(NUMBER, 'momiji88y')).toMatchObject({ stage: 'code' });
  });

  it('A12 a login that is in sends and enters no code', async () => {
    await send();
    await enter(codeOf());
    expect(await send()).toEqual({ kind: 'stale' });
    expect(await enter(codeOf())).toEqual({ kind: 'stale' });
    expect((await browser.look()).kind).toBe('found');
  });

  it('A3 the browser that entered its code is known', async () => {
    await send();
    await enter(codeOf());
    const { browsers } = await stored(scene);
    expect(browsers).toHaveLength(1);
    expect(JSON.stringify(browsers)).not.toContain(browser.known);
  });

  it('O5 the code is nowhere to be read in what is stored', async () => {
    await send();
    expect(JSON.stringify(await stored(scene))).not.toContain(codeOf());
  });

  it('O3 A14 a self-care login sends its code to the operator’s address', async () => {
    const profile = { brand: 'rakuten-mobile', numbers: ['05012345678'], address: 'b@example.jp' };
    await putSelfCare(scene.deps, 'taro', { ...profile, service: 'b2bua', password: PASSWORD });
    const tried = { as: { selfCareId: 'taro' }, password: PASSWORD, browser: undefined, source: '192.0.2.1' };
    browser.keep(await logIn(scene.deps, tried));
    const found = await browser.look();
    if (found.kind !== 'found') throw new Error(found.kind);
    expect(found.login).toMatchObject({ stage: 'code', subscriber: undefined });
    await sendCode(scene.deps, found.login);
    expect(scene.mails).toMatchObject([
      { kind: 'two-step-code', number: '05012345678', brand: 'rakuten-mobile', recipient: 'b@example.jp' },
    ]);
    const entered = { code: codeOf(), browser: undefined };
    expect(browser.keep(await enterCode(scene.deps, found.login, entered)).kind).toBe('in');
    expect(await browser.look()).toMatchObject({ kind: 'found', login: { stage: undefined } });
  });
});
