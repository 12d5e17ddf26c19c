import fc from 'fast-check';
import { open } from '#events';
import { NO_ACCOUNT, readAccount, type Account } from './account.ts';
import { sendDueMessages } from './due-messages.ts';
import { findLogin, type Login } from './find-login.ts';
import {
  askedIpPhoneChange,
  confirmIpPhonePassword,
  openIpPhoneChanges,
  requestIpPhonePassword,
  setIpPhonePassword,
} from './ip-phone-password.ts';
import { ipPhonePasswordProblem } from './ip-phone-rules.ts';
import { logIn } from './log-in.ts';
import { enterCode, sendCode } from './one-time.ts';
import { putSelfCare } from './self-care.ts';
import { ADDRESS, createScene, HOUR, MINUTE, PASSWORD, type Scene } from './testing/access-scene.ts';
import { plain } from './testing/plain-hasher.ts';

const [NUMBER, SECOND_NUMBER] = ['05012345678', '05012345679'] as const;
const [CURRENT, NEXT] = ['Kaede012', 'momiji88'] as const;
const PROFILE = { brand: 'rakuten-mobile', numbers: [NUMBER, SECOND_NUMBER], address: ADDRESS };

/** Logs in by self-care id; resolves with what a request finds of it, anew each time. */
async function selfCare({ deps, mails }: Scene): Promise<() => Promise<Login>> {
  const as = { selfCareId: 'taro' };
  const pending = await logIn(deps, { as, password: PASSWORD, browser: undefined, source: '192.0.2.1' });
  const secretIn = (result: object): string => ('secret' in result ? String(result.secret) : '');
  const found = async (login: string): Promise<Login> => {
    const one = await findLogin(deps, { login, browser: undefined });
    if (one.kind !== 'found') throw new Error(one.kind);
    return one.login;
  };
  const waits = await found(secretIn(pending));
  await sendCode(deps, waits);
  const sent = mails.at(-1)?.secret;
  const code = sent && 'code' in sent ? sent.code : '';
  const secret = secretIn(await enterCode(deps, waits, { code, browser: undefined }));
  return () => found(secret);
}

const accountOf = async ({ deps }: Scene, number: string = NUMBER): Promise<Account> =>
  (await deps.store.read(`ip-phone:${number}`, [number])).accounts.get(number)!;

describe('the password of an IP phone', () => {
  let scene: Scene;
  let here: () => Promise<Login>;

  beforeEach(async () => {
    scene = createScene({ waits: [1_000] });
    await putSelfCare(scene.deps, 'taro', { ...PROFILE, service: 'b2bua', password: PASSWORD });
    await setIpPhonePassword(scene.deps, NUMBER, CURRENT);
    scene.now += 14 * HOUR;
    here = await selfCare(scene);
  });

  const ask = async (more: Partial<Parameters<typeof requestIpPhonePassword>[2]> = {}) =>
    requestIpPhonePassword(scene.deps, await here(), {
      number: NUMBER,
      current: CURRENT,
      next: NEXT,
      ...more,
    });
  const confirm = async () => confirmIpPhonePassword(scene.deps, await here());

  it('V4 is changed when it was confirmed, not before, and calls fail until the table says', async () => {
    expect(await ask()).toEqual({ kind: 'asked' });
    expect((await accountOf(scene)).password?.phc).toBe(plain(CURRENT));
    const outage = { number: NUMBER, at: scene.now, effectiveAt: scene.now + 3.5 * HOUR };
    expect(askedIpPhoneChange(scene.deps, await here())).toEqual(outage);
    expect(await openIpPhoneChanges(scene.deps, await here())).toEqual([]);
    expect(await confirm()).toBe(true);
    expect((await accountOf(scene)).password).toEqual({ phc: plain(NEXT), changedAt: scene.now });
    expect(await openIpPhoneChanges(scene.deps, await here())).toEqual([{ ...outage, isTold: false }]);
    expect(askedIpPhoneChange(scene.deps, await here())).toBeUndefined();
  });

  it('V4 of the IP phone service is in force within 15 minutes of the confirmation', async () => {
    await putSelfCare(scene.deps, 'taro', { ...PROFILE, service: 'ip-phone' });
    await ask();
    scene.now += MINUTE;
    await confirm();
    expect((await accountOf(scene)).ipPhoneChange).toEqual({
      at: scene.now,
      effectiveAt: scene.now + 15 * MINUTE,
    });
  });

  it('V5 is due to the switch from the same step on, until Kafka has it, each change once and in order', async () => {
    await ask();
    await confirm();
    const first = scene.now;
    scene.now += MINUTE;
    await ask({ current: NEXT, next: 'Sakura99' });
    await confirm();
    scene.isKafkaAway = true;
    await expect(sendDueMessages(scene.deps)).rejects.toMatchObject({ code: 'away' });
    expect(await openIpPhoneChanges(scene.deps, await here())).toMatchObject([{ isTold: false }]);
    scene.isKafkaAway = false;
    await sendDueMessages(scene.deps);
    await sendDueMessages(scene.deps);
    expect(scene.commands).toMatchObject([
      { number: NUMBER, at: first, effectiveAt: first + 3.5 * HOUR },
      { number: NUMBER, at: scene.now, effectiveAt: first + 3.5 * HOUR },
    ]);
    const passwords = scene.commands.map(({ sealed, eventId }) => open(sealed, eventId, scene.deps.sealKeys));
    expect(passwords).toEqual([
      { ok: true, secret: { password: NEXT } },
      { ok: true, secret: { password: 'Sakura99' } },
    ]);
    expect(await openIpPhoneChanges(scene.deps, await here())).toMatchObject([{ isTold: true }]);
    const login = await here();
    scene.now = first + 3.5 * HOUR;
    expect(await openIpPhoneChanges(scene.deps, login)).toEqual([]);
  });

  it('V4 confirmed twice it is one change, and one command', async () => {
    await ask();
    const login = await here();
    expect(await confirmIpPhonePassword(scene.deps, login)).toBe(true);
    expect(await confirmIpPhonePassword(scene.deps, login)).toBe(true);
    expect((await accountOf(scene)).dueCommands).toHaveLength(1);
    expect(await confirm()).toBe(false);
  });

  it('O5 V4 is readable nowhere, not before the confirmation and not after it', async () => {
    const hasher = { ...scene.hasher, hash: async () => 'hidden' };
    const deps = { ...scene.deps, hasher };
    await requestIpPhonePassword(deps, await here(), { number: NUMBER, current: CURRENT, next: NEXT });
    const before = JSON.stringify(await deps.store.read('self-care:taro', ['taro']), replaceMaps);
    await confirm();
    const after = JSON.stringify(await accountOf(scene));
    expect(before).toContain('ip-phone-password');
    for (const text of [before, after]) {
      expect(text).not.toContain(NEXT);
      expect(text).not.toContain(Buffer.from(NEXT).toString('base64url').slice(0, 8));
    }
  });

  it.each([
    ['a number of somebody else', { number: '05099999999' }, { kind: 'not-yours' }],
    ['one whose password was never made known', { number: SECOND_NUMBER }, { kind: 'unset' }],
    ['a wrong current one', { current: 'Kaede013' }, { kind: 'current-wrong' }],
    ['the current one again', { next: CURRENT }, { kind: 'next', problem: 'same' }],
    ['a short one', { next: 'momiji8' }, { kind: 'next', problem: 'length' }],
  ])('V4 refuses %s', async (_, more, refusal) => {
    expect(await ask(more)).toEqual(refusal);
    expect(await confirm()).toBe(false);
    expect((await accountOf(scene)).password?.phc).toBe(plain(CURRENT));
  });

  it('A3 V4 guesses at the current one have to wait, and the tenth ends them for every login', async () => {
    for (let index = 0; index < 3; index += 1) await ask({ current: 'Wrong000' });
    expect(await ask()).toEqual({ kind: 'wait', seconds: 1 });
    for (let index = 3; index < 10; index += 1) {
      scene.now += 1_000;
      expect(await ask({ current: 'Wrong000' })).toEqual({ kind: 'current-wrong' });
    }
    scene.now += 1_000;
    here = await selfCare(scene);
    expect(await ask()).toEqual({ kind: 'current-wrong' });
    await setIpPhonePassword(scene.deps, NUMBER, CURRENT);
    expect(await ask()).toEqual({ kind: 'asked' });
  });

  it('A3 V4 what has to be typed anew costs no try of the current one', async () => {
    for (const next of ['', 'short', CURRENT, 'ａｂｃｄ１２３４']) await ask({ next, current: CURRENT });
    await ask({ number: '05099999999' });
    expect((await accountOf(scene)).others).toEqual({ wrong: 0, streak: 0, lastAt: 0 });
    expect(scene.hasher.verified).toBe(1);
  });

  it('V4 a change is off when the operator said another current one meanwhile', async () => {
    await ask();
    await setIpPhonePassword(scene.deps, NUMBER, 'Tsubaki1');
    expect(await confirm()).toBe(false);
    expect((await accountOf(scene)).password?.phc).toBe(plain('Tsubaki1'));
    expect((await accountOf(scene)).dueCommands).toEqual([]);
  });

  it('V4 a change is off when the operator took the number from the id meanwhile', async () => {
    await ask();
    await putSelfCare(scene.deps, 'taro', { ...PROFILE, numbers: [SECOND_NUMBER], service: 'b2bua' });
    expect(askedIpPhoneChange(scene.deps, await here())).toBeUndefined();
    expect(await confirm()).toBe(false);
    expect((await accountOf(scene)).password?.phc).toBe(plain(CURRENT));
  });

  it('A12 V4 a login that has ended asks for nothing', async () => {
    const login = await here();
    await putSelfCare(scene.deps, 'taro', { ...PROFILE, service: 'b2bua', password: 'another0' });
    const change = { number: NUMBER, current: CURRENT, next: NEXT };
    expect(await requestIpPhonePassword(scene.deps, login, change)).toEqual({ kind: 'stale' });
  });
});

const replaceMaps = (_: string, value: unknown): unknown => (value instanceof Map ? [...value] : value);

it('V4 an account that was stored before there were such commands has none', () => {
  const { dueCommands: _commands, ipPhoneChange: _change, ...earlier } = NO_ACCOUNT;
  expect(readAccount(earlier)).toEqual(NO_ACCOUNT);
});

describe('ipPhonePasswordProblem', () => {
  it('V4 takes 8 of A–Z, a–z and 0–9 in any mixture, and nothing else', () => {
    const good = fc.stringMatching(/^[0-9A-Za-z]{8}$/);
    fc.assert(fc.property(good, (password) => expect(ipPhonePasswordProblem(password)).toBeUndefined()));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        expect(ipPhonePasswordProblem(text) === undefined).toBe(/^[0-9A-Za-z]{8}$/.test(text));
      }),
    );
  });

  it.each([
    ['', 'empty'],
    ['ａbcd1234', 'full-width'],
    ['abcd-123', 'characters'],
    ['abcd123', 'length'],
    ['abcd12345', 'length'],
  ])('V4 says what is wrong with %j: %s', (password, problem) => {
    expect(ipPhonePasswordProblem(password)).toBe(problem);
  });
});
