import { changePassword } from './change-password.ts';
import { confirmPair } from './confirmation.ts';
import { declineOneTime } from './decline-one-time.ts';
import { sendCode } from './one-time.ts';
import {
  addressEntry,
  completeRegistration,
  draftAddress,
  draftOf,
  findRegistration,
  registerAddress,
  type AddressEntry,
} from './register-address.ts';
import {
  ADDRESS,
  createScene,
  DAY,
  given,
  IN_USE,
  MINUTE,
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

const NEW = 'b@example.jp';

describe('the registration of an address', () => {
  let scene: Scene;
  let browser: Browser;
  beforeEach(() => {
    scene = createScene();
    browser = openBrowser(scene);
  });

  const account = async (oneTime: Parameters<typeof withPassword>[2]) => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, oneTime) });
    await browser.logIn(NUMBER, PASSWORD);
  };
  const draft = async (entry: AddressEntry) => draftAddress(scene.deps, await browser.here(), entry);
  const register = async () => registerAddress(scene.deps, await browser.here());
  const tokenOf = (mail = scene.mails.at(-1)) => {
    const link = mail?.secret && 'link' in mail.secret ? mail.secret.link : 'https://none.example/';
    return new URL(link).searchParams.get('token') ?? undefined;
  };
  const complete = (token = tokenOf()) => completeRegistration(scene.deps, token);

  describe('at the first login', () => {
    beforeEach(() => account({ use: null }));

    it('A8 O2 takes an address and a pair, mails a link for 24 hours, and asks for a code from then on', async () => {
      expect(await draft({ address: NEW, confirmation: PAIR })).toBeUndefined();
      expect(draftOf(await browser.here())).toMatchObject({ address: NEW });
      expect(await register()).toEqual({ kind: 'sent' });
      expect(scene.mails).toEqual([
        {
          kind: 'address-registration',
          number: NUMBER,
          brand: 'ntt-east',
          recipient: NEW,
          issuedAt: scene.now,
          expiresAt: scene.now + DAY,
          secret: {
            link: expect.stringMatching(/^https:\/\/ntt-east\.example\/registration\?token=[\w-]{43}$/),
          },
        },
      ]);
      expect(await browser.here()).toMatchObject({ stage: 'choose-one-time' });
      expect((await stored(scene)).oneTime).toMatchObject({ use: null, address: null });
      expect(await findRegistration(scene.deps, tokenOf())).toEqual({
        number: NUMBER,
        address: NEW,
        brand: 'ntt-east',
      });
      expect(await complete()).toMatchObject({ number: NUMBER, address: NEW });
      expect((await stored(scene)).oneTime).toMatchObject({
        use: true,
        address: NEW,
        confirmation: { id: PAIR.id, phc: plain(PAIR.password) },
        registration: null,
      });
      expect(await browser.here()).toMatchObject({ stage: 'code' });
      expect(await sendCode(scene.deps, await browser.here())).toEqual({ kind: 'sent' });
      expect(scene.mails.at(-1)?.recipient).toBe(NEW);
    });

    it('A8 looking at the link completes nothing; the button does, once', async () => {
      await draft({ address: NEW, confirmation: PAIR });
      await register();
      await findRegistration(scene.deps, tokenOf());
      await findRegistration(scene.deps, tokenOf());
      expect((await stored(scene)).oneTime.use).toBeNull();
      const [first, second] = await Promise.all([complete(), complete()]);
      expect([first, second].filter(Boolean)).toHaveLength(1);
      expect(await complete()).toBeUndefined();
      expect(await findRegistration(scene.deps, tokenOf())).toBeUndefined();
    });

    it.each([
      [DAY - 1, true],
      [DAY, false],
    ])('O2 the link after %d ms: %s', async (ms, isValid) => {
      await draft({ address: NEW, confirmation: PAIR });
      await register();
      scene.now += ms;
      expect((await findRegistration(scene.deps, tokenOf())) !== undefined).toBe(isValid);
      expect((await complete()) !== undefined).toBe(isValid);
    });

    it('A8 a newer link takes the place of the one before', async () => {
      await draft({ address: ADDRESS, confirmation: PAIR });
      await register();
      const first = tokenOf();
      await draft({ address: NEW, confirmation: PAIR });
      await register();
      expect(await complete(first)).toBeUndefined();
      expect(await complete()).toMatchObject({ address: NEW });
    });

    it('A8 the login may still choose otherwise, which forgets the link', async () => {
      await draft({ address: NEW, confirmation: PAIR });
      await register();
      browser.keep(await declineOneTime(scene.deps, await browser.here(), browser.known));
      expect(await complete()).toBeUndefined();
      expect((await stored(scene)).oneTime).toMatchObject({ use: false, address: null });
    });

    it('A8 is mailed to nobody before it is confirmed, and confirmed once', async () => {
      expect(await register()).toEqual({ kind: 'stale' });
      await draft({ address: NEW, confirmation: PAIR });
      expect(scene.mails).toEqual([]);
      await register();
      expect(await register()).toEqual({ kind: 'stale' });
      expect(scene.mails).toHaveLength(1);
    });

    it('A8 a draft that became another meanwhile is mailed to the address that it registers', async () => {
      await draft({ address: ADDRESS, confirmation: PAIR });
      const login = await browser.here();
      await draft({ address: NEW, confirmation: PAIR });
      await registerAddress(scene.deps, login);
      expect(scene.mails.at(-1)?.recipient).toBe(NEW);
      expect((await stored(scene)).oneTime.registration?.address).toBe(NEW);
    });

    it('A8 at most five links go out in 15 minutes', async () => {
      for (let index = 0; index < 5; index += 1) {
        await draft({ address: NEW, confirmation: PAIR });
        expect(await register()).toEqual({ kind: 'sent' });
      }
      await draft({ address: NEW, confirmation: PAIR });
      expect(await register()).toEqual({ kind: 'too-many', seconds: 900 });
      expect(draftOf(await browser.here())).toBeDefined();
      scene.now += 15 * MINUTE - 1;
      await browser.logIn(NUMBER, PASSWORD);
      await draft({ address: NEW, confirmation: PAIR });
      expect(await register()).toEqual({ kind: 'too-many', seconds: 1 });
      scene.now += 1;
      expect(await register()).toEqual({ kind: 'sent' });
    });

    it('A8 with Kafka away nothing counts, the draft is still there and the link before is good', async () => {
      await draft({ address: ADDRESS, confirmation: PAIR });
      await register();
      const first = tokenOf();
      scene.now += 1;
      await draft({ address: NEW, confirmation: PAIR });
      scene.isKafkaAway = true;
      for (let index = 0; index < 6; index += 1)
        await expect(register()).rejects.toMatchObject({ code: 'away' });
      scene.isKafkaAway = false;
      expect((await stored(scene)).oneTime.linksSentAt).toHaveLength(1);
      expect(draftOf(await browser.here())).toMatchObject({ address: NEW });
      expect(await complete(first)).toMatchObject({ address: ADDRESS });
      expect(await browser.here()).toMatchObject({ stage: 'code' });
    });

    it('A9 C13 says what is wrong with each field', async () => {
      const entry = { address: 'a..b@example.jp', confirmation: { id: 'short', password: '31234567890' } };
      expect(await draft(entry)).toEqual({
        address: 'local-two-dots',
        confirmationId: 'length',
        confirmationPassword: 'only-digits',
      });
      expect(await draft({ ...entry, address: 'nobody' })).toMatchObject({ address: 'address-no-at' });
      expect(await draft({ address: NEW, confirmation: { ...PAIR, password: `x${NUMBER}` } })).toEqual({
        confirmationPassword: 'contains-number',
      });
      expect(draftOf(await browser.here())).toBeUndefined();
    });

    it('A8 without a pair nothing is taken', async () => {
      expect(await draft({ address: NEW })).toBe('stale');
    });

    it('A8 the login that waits does so for 15 minutes from its link', async () => {
      scene.now += 10 * MINUTE;
      await draft({ address: NEW, confirmation: PAIR });
      await register();
      scene.now += 15 * MINUTE - 1;
      expect((await browser.look()).kind).toBe('found');
    });

    it('O5 neither the link nor the confirmation password is to be read in what is stored', async () => {
      await draft({ address: NEW, confirmation: PAIR });
      const drafted = JSON.stringify(await stored(scene)).replaceAll(plain(PAIR.password), '');
      await register();
      const text = JSON.stringify(await stored(scene)).replaceAll(plain(PAIR.password), '');
      for (const secret of [tokenOf()!, PAIR.password]) expect(drafted + text).not.toContain(secret);
    });
  });

  describe('later', () => {
    beforeEach(() => account(IN_USE));

    it('A10 from the send page with the pair; the old address stays until the link is used, and is told then', async () => {
      expect(addressEntry(await browser.here())).toBeUndefined();
      expect(await draft({ address: NEW })).toBe('stale');
      await confirmPair(scene.deps, await browser.here(), PAIR);
      expect(await draft({ address: NEW, confirmation: PAIR })).toBe('stale');
      expect(await draft({ address: NEW })).toBeUndefined();
      await register();
      await sendCode(scene.deps, await browser.here());
      expect(scene.mails.at(-1)).toMatchObject({ kind: 'one-time-password', recipient: ADDRESS });
      expect(await complete(tokenOf(scene.mails[0]))).toMatchObject({ address: NEW });
      expect(await stored(scene)).toMatchObject({
        oneTime: { ...IN_USE, address: NEW },
        dueMails: [
          { kind: 'address-changed', number: NUMBER, recipient: NEW },
          { kind: 'address-changed', number: NUMBER, recipient: ADDRESS },
        ],
      });
      expect((await stored(scene)).session).toBeNull();
    });

    it('A10 the pair of one login opens nothing to the next', async () => {
      await confirmPair(scene.deps, await browser.here(), PAIR);
      await browser.logIn(NUMBER, PASSWORD);
      expect(addressEntry(await browser.here())).toBeUndefined();
    });

    it('O4 the same address again tells nobody', async () => {
      await confirmPair(scene.deps, await browser.here(), PAIR);
      await draft({ address: ADDRESS });
      await register();
      await complete();
      expect((await stored(scene)).dueMails).toEqual([]);
    });

    it('A10 after a full login without the pair', async () => {
      await account({ use: false });
      const now = await stored(scene);
      await given(scene, 'line', { [NUMBER]: { ...now, oneTime: { ...now.oneTime, ...IN_USE } } });
      expect(addressEntry(await browser.here())).toEqual({ confirmation: false });
      expect(await draft({ address: NEW })).toBeUndefined();
      await register();
      await complete();
      expect((await stored(scene)).oneTime).toMatchObject({ ...IN_USE, address: NEW });
      expect((await browser.look()).kind).toBe('found');
    });

    it('A8 who did not use them enters a pair anew', async () => {
      await account({ ...IN_USE, use: false });
      expect(addressEntry(await browser.here())).toEqual({ confirmation: true });
      expect(await draft({ address: NEW })).toBe('stale');
      const pair = { id: 'Kakunin09', password: 'botan53yq' };
      await draft({ address: NEW, confirmation: pair });
      await register();
      await complete();
      expect((await stored(scene)).oneTime).toMatchObject({
        use: true,
        address: NEW,
        confirmation: { id: pair.id, phc: plain(pair.password) },
      });
    });
  });

  it('A4 a login that has to change its password enters no address', async () => {
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD, { use: null }) });
    scene.now += 60 * DAY;
    await browser.logIn(NUMBER, PASSWORD);
    expect(addressEntry(await browser.here())).toBeUndefined();
    expect(await draft({ address: NEW, confirmation: PAIR })).toBe('stale');
  });

  it('A8 a login that ended meanwhile registers nothing', async () => {
    await account({ use: null });
    await draft({ address: NEW, confirmation: PAIR });
    const login = await browser.here();
    await browser.logIn(NUMBER, PASSWORD);
    expect(await registerAddress(scene.deps, login)).toEqual({ kind: 'stale' });
    expect(await draftAddress(scene.deps, login, { address: NEW, confirmation: PAIR })).toBe('stale');
  });

  it.each([undefined, '', 'nonsense', 'x'.repeat(43)])('O2 %j is no link', async (token) => {
    expect(await findRegistration(scene.deps, token)).toBeUndefined();
    expect(await complete(token ?? '')).toBeUndefined();
  });

  it('O2 a login’s secret is no link', async () => {
    await account({ use: null });
    expect(await findRegistration(scene.deps, browser.login)).toBeUndefined();
  });

  it('O2 the link of a number that left its line is void', async () => {
    await account({ use: null });
    await draft({ address: NEW, confirmation: PAIR });
    await register();
    scene.lines = [{ lineNumber: '0312345679', brand: 'ntt-east', numbers: ['0312345679', NUMBER] }];
    expect(await complete()).toBeUndefined();
    scene.lines = [];
    expect(await complete()).toBeUndefined();
  });

  it('O4 the changed password is told to the address of now', async () => {
    await account({ ...IN_USE, use: false });
    const change = { number: NUMBER, current: PASSWORD, next: 'momiji88y' };
    await changePassword(scene.deps, await browser.here(), change);
    expect((await stored(scene)).dueMails).toMatchObject([{ kind: 'password-changed', recipient: ADDRESS }]);
  });
});
