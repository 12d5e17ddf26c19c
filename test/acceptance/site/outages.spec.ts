import { load } from 'cheerio';
import { NO_ACCOUNT, createPasswordHasher, putSelfCare, type Account, type Line } from '#access';
import { openProxy } from '../../integration/redis-proxy.ts';
import { eventually } from '../../support/eventually.ts';
import { kafkaBrokers, redisUrl } from '../../support/servers.ts';
import {
  openSiteBrowser,
  type FormContent,
  type SiteAnswer,
  type SiteBrowser,
} from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import { NEXT_PASSWORD, openSiteGround, PAIR, PASSWORD, type SiteGround } from '../../support/site-ground.ts';
import { uniqueName } from '../../support/unique-name.ts';

const LIMIT = 120_000;
const TEMPORARY = '20485163';
const hasher = createPasswordHasher();
const phc = { temporary: await hasher.hash(TEMPORARY), pair: await hasher.hash(PAIR.password) };

/** Somebody in the middle of something: his browser, and the form he sends next. */
interface Step {
  readonly line: Line;
  readonly browser: SiteBrowser;
  readonly path: string;
  readonly form: FormContent;
  /** Where it leads when it works. */
  readonly leadsTo: string;
}

type Begin = (ground: SiteGround) => Promise<Step>;

const withoutOneTime = (): Partial<Account> => ({ oneTime: { ...NO_ACCOUNT.oneTime, use: false } });
const withOneTime = (address: string): Partial<Account> => ({
  oneTime: {
    ...NO_ACCOUNT.oneTime,
    use: true,
    address,
    confirmation: { id: PAIR.id, phc: phc.pair },
  },
});
const someAddress = () => `${uniqueName('outage')}@example.jp`;

/** A browser whose login with the line number has come as far as its account says. */
async function entered(
  ground: SiteGround,
  account: Partial<Account>,
  password = PASSWORD,
): Promise<{ line: Line; browser: SiteBrowser }> {
  const line = await ground.line(account);
  const browser = ground.browser();
  expect((await browser.post('/login', { number: line.lineNumber, password })).status).toBe(303);
  return { line, browser };
}

const BEGIN = {
  login: async (ground) => {
    const line = await ground.line(withoutOneTime());
    const form = { number: line.lineNumber, password: PASSWORD };
    return { line, browser: ground.browser(), path: '/login', form, leadsTo: '/menu' };
  },
  'password change': async (ground) => {
    const temporary = { phc: phc.temporary, setAt: Date.now(), unit: 'line' as const };
    const form = { current: TEMPORARY, next: NEXT_PASSWORD, again: NEXT_PASSWORD };
    const begun = await entered(ground, { ...withoutOneTime(), temporary }, TEMPORARY);
    return { ...begun, path: '/password', form, leadsTo: '/password/changed' };
  },
  'choice against one-time passwords': async (ground) => {
    const begun = await entered(ground, {});
    return { ...begun, path: '/one-time-password/decline', form: {}, leadsTo: '/menu' };
  },
  'entry of an address': async (ground) => {
    const form = { address: someAddress(), ...PAIR };
    const leadsTo = '/one-time-password/confirm';
    return { ...(await entered(ground, {})), path: '/one-time-password/address', form, leadsTo };
  },
  registration: async (ground) => {
    const begun = await entered(ground, {});
    await begun.browser.post('/one-time-password/address', { address: someAddress(), ...PAIR });
    return { ...begun, path: '/one-time-password/confirm', form: {}, leadsTo: '/one-time-password/sent' };
  },
  'use of a link': async (ground) => {
    const address = someAddress();
    const begun = await entered(ground, {});
    await begun.browser.post('/one-time-password/address', { address, ...PAIR });
    await begun.browser.post('/one-time-password/confirm');
    const token = new URL(await ground.secretTo(address)).searchParams.get('token') ?? '';
    return { ...begun, path: '/registration', form: { token }, leadsTo: '/registration/done' };
  },
  'sending of a code': async (ground) => {
    const begun = await entered(ground, withOneTime(someAddress()));
    return { ...begun, path: '/code/send', form: {}, leadsTo: '/code' };
  },
  'entry of a code': async (ground) => {
    const address = someAddress();
    const begun = await entered(ground, withOneTime(address));
    await begun.browser.post('/code/send');
    return { ...begun, path: '/code', form: { code: await ground.secretTo(address) }, leadsTo: '/menu' };
  },
  'change of the unit': async (ground) => {
    const begun = await entered(ground, withoutOneTime());
    const passwords = { [`password-${begun.line.lineNumber}`]: PASSWORD };
    await begun.browser.post('/unit/number', passwords);
    return { ...begun, path: '/unit/confirm', form: {}, leadsTo: '/unit/changed' };
  },
  'log-out': async (ground) => {
    const begun = await entered(ground, withoutOneTime());
    return { ...begun, path: '/logout', form: {}, leadsTo: '/login?why=log-out' };
  },
} as const satisfies Readonly<Record<string, Begin>>;

/** A page that says that the site cannot be used just now, and takes nothing from the browser. */
function expectAway({ status, headers, text }: SiteAnswer): void {
  const heading = load(text)('h1').text();
  expect([status, heading, headers['set-cookie']]).toEqual([503, 'ただいまご利用いただけません', undefined]);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(headers['cache-control']).toBe('no-store');
}

const send = ({ browser, path, form }: Step) => browser.post(path, form);

const noErrors = ({ site }: SiteGround) =>
  expect(site.log.filter((entry) => entry.includes('"level":"error"'))).toEqual([]);

describe('while Redis is away', () => {
  it.each(['cut off', 'frozen'] as const)(
    'A8 A12 (%s) every step of every journey is answered by a page, loses nothing, and goes on afterwards',
    async (how) => {
      const proxy = await openProxy(redisUrl());
      const ground = await openSiteGround({ REDIS_URL: proxy.url });
      const steps: Step[] = [];
      for (const begin of Object.values(BEGIN) as Begin[]) steps.push(await begin(ground));
      const accounts = () => Promise.all(steps.map(({ line }) => ground.account(line)));
      const before = await accounts();
      if (how === 'frozen') proxy.freeze();
      else await proxy.down();
      const answers = await Promise.all(steps.map(send));
      answers.forEach(expectAway);
      for (const { browser } of steps.slice(1)) expectAway(await browser.get('/menu'));
      expect((await steps[0]!.browser.get('/login')).status).toBe(200);
      expect(await accounts()).toEqual(before);
      if (how === 'frozen') proxy.thaw();
      else await proxy.up();
      await eventually(async () => (await ground.browser().get('/readyz')).status === 200);
      for (const step of steps) expect((await send(step)).headers.location).toBe(step.leadsTo);
      noErrors(ground);
    },
    LIMIT,
  );
});

/** Uses the secrets mailed to an address, each once, until one is taken. */
async function newest(
  ground: SiteGround,
  address: string,
  use: (secret: string) => Promise<void>,
): Promise<void> {
  let tried: string | undefined;
  await eventually(async () => {
    const secret = await ground.secretTo(address);
    if (secret === tried) return false;
    tried = secret;
    await use(secret);
    return true;
  }, LIMIT);
}

describe('while Kafka is away', () => {
  it('A14 a self-care login waits, and has a button to send its code when that is possible again', async () => {
    const inMemory = await startSiteInMemory();
    const { deps } = inMemory.scene;
    const profile = { brand: 'rakuten-mobile', numbers: ['05012345678'], address: 'a@example.jp' };
    await putSelfCare(deps, 'taro', { ...profile, service: 'ip-phone', password: PASSWORD });
    const browser = openSiteBrowser(inMemory.url);
    inMemory.scene.isKafkaAway = true;
    const begun = await browser.post('/self-care', { id: 'taro', password: PASSWORD });
    expect(begun.headers.location).toBe('/self-care/code');
    expectAway(await browser.post('/self-care/code/send'));
    const wrong = await browser.post('/self-care/code', { code: '12345678' });
    expect([wrong.status, load(wrong.text)('[name=code]').length]).toEqual([422, 0]);
    inMemory.scene.isKafkaAway = false;
    expect((await browser.post('/self-care/code/send')).headers.location).toBe('/self-care/code');
    const secret = inMemory.scene.mails[0]?.secret;
    const code = secret && 'code' in secret ? secret.code : '';
    expect((await browser.post('/self-care/code', { code })).headers.location).toBe('/self-care/menu');
    expect(inMemory.scene.mails).toHaveLength(1);
  });

  it(
    'A8 O4 a code or a link that could not be mailed does not count, changes are told later, and all goes on',
    async () => {
      const proxy = await openProxy(`kafka://${kafkaBrokers()[0]}`);
      await proxy.down();
      const ground = await openSiteGround({ KAFKA_BROKERS: new URL(proxy.url).host });
      const [codes, links, told] = [someAddress(), someAddress(), someAddress()];
      const code = await entered(ground, withOneTime(codes));
      const link = await entered(ground, {});
      await link.browser.post('/one-time-password/address', { address: links, ...PAIR });
      const temporary = { phc: phc.temporary, setAt: Date.now(), unit: 'line' as const };
      const change = await entered(ground, { ...withOneTime(told), temporary }, TEMPORARY);

      const [sent, registered, changed] = await Promise.all([
        code.browser.post('/code/send'),
        link.browser.post('/one-time-password/confirm'),
        change.browser.post('/password', { current: TEMPORARY, next: NEXT_PASSWORD, again: NEXT_PASSWORD }),
      ]);
      expectAway(sent);
      expectAway(registered);
      expect(changed.headers.location).toBe('/password/changed');
      expect((await ground.account(code.line)).oneTime.codesSentAt).toEqual([]);
      expect((await code.browser.post('/code', { code: '12345678' })).text).toContain(
        '先にワンタイムパスワードを送信',
      );
      expect((await ground.account(link.line)).oneTime).toMatchObject({
        registration: null,
        linksSentAt: [],
      });
      expect((await link.browser.get('/one-time-password/confirm')).text).toContain(links);
      expect((await ground.account(change.line)).dueMails).toMatchObject([
        { kind: 'password-changed', recipient: told },
      ]);

      await proxy.up();
      const goesOn = (browser: SiteBrowser, path: string) =>
        eventually(async () => (await browser.post(path)).status === 303, LIMIT);
      await goesOn(code.browser, '/code/send');
      // What Kafka did not acknowledge may still come, and then is worth nothing: the newest counts.
      const leadsTo = async (browser: SiteBrowser, path: string, form: Record<string, string>) =>
        (await browser.post(path, form)).headers.location;
      await newest(ground, codes, async (secret) =>
        expect(await leadsTo(code.browser, '/code', { code: secret })).toBe('/menu'),
      );
      await goesOn(link.browser, '/one-time-password/confirm');
      await newest(ground, links, async (secret) => {
        const token = new URL(secret).searchParams.get('token') ?? '';
        expect(await leadsTo(link.browser, '/registration', { token })).toBe('/registration/done');
      });
      await eventually(() => ground.mails.some(({ value }) => value?.includes(told)), LIMIT);
      await eventually(async () => (await ground.account(change.line)).dueMails.length === 0);
      noErrors(ground);
    },
    LIMIT,
  );
});
