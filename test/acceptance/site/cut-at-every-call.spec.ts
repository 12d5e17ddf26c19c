import { putSelfCare, setIpPhonePassword, type AccessDeps, type AccessStore } from '#access';
import {
  createScene,
  given,
  IN_USE,
  NEXT_PASSWORD,
  NUMBER,
  PAIR,
  PASSWORD,
  stored,
  withPassword,
  type Scene,
} from '../../../libs/access/testing/access-scene.ts';
import { plain } from '../../../libs/access/testing/plain-hasher.ts';
import { openSiteBrowser, type SiteAnswer, type SiteBrowser } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import {
  IP_PHONE,
  IP_PHONE_PASSWORD,
  NEXT_IP_PHONE_PASSWORD,
  TEMPORARY,
} from '../../support/site-somebody.ts';

const site = await startSiteInMemory();

/** Where the connection to the store is cut: at which of its calls, and on whose side of the change. */
interface Cut {
  readonly call: number;
  readonly when: 'before' | 'after';
}

const away = () => Object.assign(new Error('away'), { code: 'away', retryable: true });

/** The parts of a scene with a store whose one call is cut off. `calls` counts them. */
function cutOff(scene: Scene, cut: Cut): { scene: Scene; calls: () => number } {
  let calls = 0;
  const store = new Proxy(scene.deps.store, {
    get:
      (target, name: keyof AccessStore) =>
      async (...given_: unknown[]): Promise<unknown> => {
        calls += 1;
        const isCut = calls === cut.call;
        if (isCut && cut.when === 'before') throw away();
        const method = target[name] as (...more: unknown[]) => Promise<unknown>;
        const result = await method(...given_);
        if (isCut) throw away();
        return result;
      },
  });
  const deps: AccessDeps = { ...scene.deps, store };
  return { scene: { ...scene, deps }, calls: () => calls };
}

type Prepare = (browser: SiteBrowser) => Promise<Record<string, string>>;

const secretOf = (): string => {
  const secret = site.scene.mails.at(-1)?.secret;
  return secret === undefined ? '' : 'code' in secret ? secret.code : secret.link.replace(/.*=/, '');
};
const logIn = (browser: SiteBrowser, password = PASSWORD) =>
  browser.post('/login', { number: NUMBER, password });
/** Logs in by self-care id and enters its code. */
async function selfCareLogIn(browser: SiteBrowser): Promise<void> {
  await browser.post('/self-care', { id: 'taro', password: PASSWORD });
  await browser.post('/self-care/code', { code: secretOf() });
}
const IP_PHONE_CHANGE = {
  number: IP_PHONE,
  current: IP_PHONE_PASSWORD,
  next: NEXT_IP_PHONE_PASSWORD,
  again: NEXT_IP_PHONE_PASSWORD,
};
const CHANGE = { next: NEXT_PASSWORD, again: NEXT_PASSWORD };
const ADDRESS = { address: 'new@example.jp', ...PAIR };

interface Step {
  /** What the number's account says of one-time passwords, and whether it has a temporary one. */
  readonly use: boolean | null;
  readonly temporary?: true;
  readonly leadsTo: string;
  /** What it answers when it has been done already; a login that has become another begins anew. */
  readonly isDone?: string;
  /** Does what comes before it; resolves with its form. */
  readonly prepare: Prepare;
}

/** Each form of a journey. */
const STEPS: Readonly<Record<string, Step>> = {
  '/login': { use: false, leadsTo: '/menu', prepare: async () => ({ number: NUMBER, password: PASSWORD }) },
  '/password': {
    use: false,
    temporary: true,
    leadsTo: '/password/changed',
    prepare: async (browser) => {
      await logIn(browser, TEMPORARY);
      return { current: TEMPORARY, ...CHANGE };
    },
  },
  '/one-time-password/decline': {
    use: null,
    leadsTo: '/menu',
    prepare: async (browser) => {
      await logIn(browser);
      return {};
    },
  },
  '/one-time-password/address': {
    use: null,
    leadsTo: '/one-time-password/confirm',
    prepare: async (browser) => {
      await logIn(browser);
      return ADDRESS;
    },
  },
  '/one-time-password/confirm': {
    use: null,
    leadsTo: '/one-time-password/sent',
    prepare: async (browser) => {
      await logIn(browser);
      await browser.post('/one-time-password/address', ADDRESS);
      return {};
    },
  },
  '/registration': {
    use: null,
    leadsTo: '/registration/done',
    isDone: '404',
    prepare: async (browser) => {
      await logIn(browser);
      await browser.post('/one-time-password/address', ADDRESS);
      await browser.post('/one-time-password/confirm');
      return { token: secretOf() };
    },
  },
  '/code/send': {
    use: true,
    leadsTo: '/code',
    prepare: async (browser) => {
      await logIn(browser);
      return {};
    },
  },
  '/code': {
    use: true,
    leadsTo: '/menu',
    prepare: async (browser) => {
      await logIn(browser);
      await browser.post('/code/send');
      return { code: secretOf() };
    },
  },
  '/code/address': {
    use: true,
    leadsTo: '/one-time-password/address',
    prepare: async (browser) => {
      await logIn(browser);
      return PAIR;
    },
  },
  '/unit/number': {
    use: false,
    leadsTo: '/unit/confirm',
    prepare: async (browser) => {
      await logIn(browser);
      return { [`password-${NUMBER}`]: PASSWORD };
    },
  },
  '/unit/confirm': {
    use: false,
    leadsTo: '/unit/changed',
    isDone: '303 /unit',
    prepare: async (browser) => {
      await logIn(browser);
      await browser.post('/unit/number', { [`password-${NUMBER}`]: PASSWORD });
      return {};
    },
  },
  '/self-care/ip-phone-password': {
    use: false,
    leadsTo: '/self-care/ip-phone-password/confirm',
    prepare: async (browser) => {
      await selfCareLogIn(browser);
      return IP_PHONE_CHANGE;
    },
  },
  '/self-care/ip-phone-password/confirm': {
    use: false,
    leadsTo: '/self-care/ip-phone-password/changed',
    isDone: '303 /self-care/ip-phone-password?unchanged',
    prepare: async (browser) => {
      await selfCareLogIn(browser);
      await browser.post('/self-care/ip-phone-password', IP_PHONE_CHANGE);
      return {};
    },
  },
  '/logout': {
    use: false,
    leadsTo: '/login?why=log-out',
    prepare: async (browser) => {
      await logIn(browser);
      return {};
    },
  },
};

/** Does a step with a cut, then again without; resolves with what the two were answered. */
async function interrupted(path: string, cut: Cut): Promise<{ first: string; again: string; calls: number }> {
  const step = STEPS[path]!;
  const scene = createScene();
  site.scene = scene;
  const account = withPassword(scene, PASSWORD, step.use === true ? IN_USE : { use: step.use });
  const temporary = { phc: plain(TEMPORARY), setAt: scene.now, unit: 'line' as const };
  await given(scene, 'line', { [NUMBER]: step.temporary ? { ...account, temporary } : account });
  const profile = { brand: 'rakuten-mobile', numbers: [IP_PHONE], address: 's@example.jp' };
  await putSelfCare(scene.deps, 'taro', { ...profile, service: 'ip-phone', password: PASSWORD });
  await setIpPhonePassword(scene.deps, IP_PHONE, IP_PHONE_PASSWORD);
  const browser = openSiteBrowser(site.url);
  const form = await step.prepare(browser);
  const broken = cutOff(scene, cut);
  site.scene = broken.scene;
  const shown = ({ status, headers }: SiteAnswer) => `${status} ${headers.location ?? ''}`.trim();
  const first = shown(await browser.post(path, form));
  site.scene = scene;
  const again = shown(await browser.post(path, form));
  expect((await stored(scene)).others.wrong).toBeLessThanOrEqual(1);
  // V5: what was done is told to the switch, and once.
  const ipPhone = (await scene.deps.store.read(`ip-phone:${IP_PHONE}`, [IP_PHONE])).accounts.get(IP_PHONE)!;
  expect(ipPhone.dueCommands).toHaveLength(ipPhone.ipPhoneChange ? 1 : 0);
  return { first, again, calls: broken.calls() };
}

/** Cuts each of a step's calls in turn; resolves with what it was answered, and what when it was sent again. */
async function cutEach(path: string, when: Cut['when']): Promise<string[]> {
  const { calls } = await interrupted(path, { call: Infinity, when });
  expect(calls).toBeGreaterThan(2);
  const seen: string[] = [];
  for (let call = 1; call <= calls; call += 1) {
    const { first, again } = await interrupted(path, { call, when });
    seen.push(first === '503' ? again : first);
  }
  return seen;
}

describe.each(Object.keys(STEPS))('A8 A12 the connection to Redis is cut while %s is answered', (path) => {
  const { leadsTo, isDone = '303 /login?why=' } = STEPS[path]!;

  it('before any of its calls: what was not done is done by sending the form again', async () => {
    const seen = await cutEach(path, 'before');
    expect(seen.filter((one) => one !== `303 ${leadsTo}`)).toEqual([]);
  });

  it('after any of its calls: it is done, or by sending the form again, or says that it was', async () => {
    const seen = await cutEach(path, 'after');
    expect(seen.filter((one) => one !== `303 ${leadsTo}` && !one.startsWith(isDone))).toEqual([]);
  });
});
