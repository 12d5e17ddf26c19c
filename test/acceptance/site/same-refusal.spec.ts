import { intervene, putSelfCare, type Account } from '#access';
import {
  createScene,
  DAY,
  given,
  LINE,
  NUMBER,
  PASSWORD,
  stored,
  USER,
  withPassword,
  WRONG,
  type Scene,
} from '../../../libs/access/testing/access-scene.ts';
import { plain } from '../../../libs/access/testing/plain-hasher.ts';
import { openSiteBrowser, type SiteAnswer } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import { TEMPORARY, UNKNOWN } from '../../support/site-somebody.ts';

const site = await startSiteInMemory();
const behindProxy = await startSiteInMemory(['127.0.0.0/8']);

/** Who tries, and how it came that nobody is let in. */
interface Refused {
  readonly number?: string;
  readonly password?: string;
  readonly account?: (scene: Scene) => Partial<Account>;
  readonly before?: (scene: Scene) => Promise<unknown>;
}

const lapsed = (scene: Scene): Partial<Account> => ({
  temporary: { phc: plain(TEMPORARY), setAt: scene.now - DAY, unit: 'line' },
});

const REFUSED: Readonly<Record<string, Refused>> = {
  'an unknown number': { number: UNKNOWN },
  'a wrong password': { password: WRONG },
  'a number without a password': { account: () => ({}) },
  'a password that ten tries made invalid': {
    account: (scene) => ({ ...withPassword(scene, PASSWORD), others: { wrong: 10, streak: 0, lastAt: 0 } }),
  },
  'a temporary password that three tries made invalid': {
    account: (scene) => ({
      temporary: { phc: plain(PASSWORD), setAt: scene.now, unit: 'line' },
      others: { wrong: 3, streak: 0, lastAt: 0 },
    }),
  },
  'a password that an operator made invalid': {
    before: ({ deps }) => intervene(deps, LINE, { number: NUMBER, what: 'invalidate-password', by: 'desk' }),
  },
  'a temporary password that has lapsed': { password: TEMPORARY, account: lapsed },
  'a number that the unit does not let in': { number: USER },
};

/** An answer without what differs between any two: the number that was typed, and the time. */
function comparable({ status, headers, text }: SiteAnswer, typed: string): unknown {
  return {
    status,
    headers: { ...headers, date: undefined, 'content-length': undefined },
    text: text.replaceAll(typed, 'TYPED'),
  };
}

/** Tries once; resolves with the answer and what it cost. */
async function refuse({ number = NUMBER, password = PASSWORD, account, before }: Refused): Promise<unknown> {
  const scene = createScene();
  site.scene = scene;
  await given(scene, 'line', {
    [NUMBER]: (account ?? ((one: Scene) => withPassword(one, PASSWORD)))(scene),
    [USER]: withPassword(scene, PASSWORD),
  });
  await before?.(scene);
  const { verified, hashed } = scene.hasher;
  const answer = await openSiteBrowser(site.url).post('/login', { number, password });
  const cost = [scene.hasher.verified - verified, scene.hasher.hashed - hashed, scene.sourceTries.length];
  return { answer: comparable(answer, number), cost };
}

describe('A3 a refused login', () => {
  it.each(Object.keys(REFUSED))('is byte for byte the same, at the same cost: %s', async (why) => {
    const wrong = await refuse({ password: WRONG });
    expect(wrong).toMatchObject({ answer: { status: 422 }, cost: [1, 0, 1] });
    expect(await refuse(REFUSED[why] ?? {})).toEqual(wrong);
  });

  it('waits in the same way, known or not', async () => {
    const waiting = async (number: string) => {
      const scene = createScene({ waits: [5_000, 60_000] });
      site.scene = scene;
      await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
      const browser = openSiteBrowser(site.url);
      const answers: unknown[] = [];
      for (let index = 0; index < 12; index += 1) {
        answers.push(comparable(await browser.post('/login', { number, password: WRONG }), number));
        scene.now += 2_000;
      }
      return [answers, scene.hasher.verified, scene.sourceTries.length];
    };
    const known = await waiting(NUMBER);
    expect(JSON.stringify(known)).toContain('429');
    expect(await waiting(UNKNOWN)).toEqual(known);
  });

  it('of a self-care login is the same for an unknown id and a wrong password', async () => {
    const refused = async (id: string) => {
      const scene = createScene();
      site.scene = scene;
      const profile = { brand: 'rakuten-mobile', numbers: ['05012345678'], address: 'a@example.jp' };
      await putSelfCare(scene.deps, 'taro', { ...profile, service: 'ip-phone', password: PASSWORD });
      const { verified } = scene.hasher;
      const answer = await openSiteBrowser(site.url).post('/self-care', { id, password: WRONG });
      return [comparable(answer, id), scene.hasher.verified - verified, scene.mails, scene.sourceTries];
    };
    const known = await refused('taro');
    expect(known).toMatchObject([{ status: 422 }, 1, [], ['127.0.0.1']]);
    expect(await refused('jiro')).toEqual(known);
    expect(await refused('__proto__')).toEqual(known);
  });
});

describe('A3 what cannot be a password', () => {
  it.each(['', 'パスワード１２', 'ｓａｋｕｒａ７７ｘ'])('%j costs no try and no work', async (password) => {
    const scene = createScene();
    site.scene = scene;
    await given(scene, 'line', { [NUMBER]: withPassword(scene, PASSWORD) });
    const { status } = await openSiteBrowser(site.url).post('/login', { number: NUMBER, password });
    expect([status, scene.hasher.verified, scene.sourceTries, (await stored(scene)).others.wrong]).toEqual([
      422,
      0,
      [],
      0,
    ]);
  });
});

describe('A3 the source of a try', () => {
  const sourceOf = async (url: string, forwarded?: string) => {
    const scene = createScene();
    site.scene = scene;
    behindProxy.scene = scene;
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    await openSiteBrowser(url, headers).post('/login', { number: '0477777777', password: WRONG });
    return scene.sourceTries[0];
  };

  it.each([undefined, '203.0.113.9', '203.0.113.9, 127.0.0.1', 'unknown'])(
    'is who connects, whatever he says: %s',
    async (forwarded) => expect(await sourceOf(site.url, forwarded)).toBe('127.0.0.1'),
  );

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9, 127.0.0.2', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1, 127.0.0.2', '2001:db8:1:2::/64'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
  ])('is what our proxy says, and not what it was told: %s', async (forwarded, source) =>
    expect(await sourceOf(behindProxy.url, forwarded)).toBe(source),
  );

  it.each(['/livez', '/readyz', '/metrics'])('%s is for who does not come by a proxy', async (path) => {
    for (const headers of [{}, { 'x-forwarded-for': '127.0.0.1' }, { 'x-forwarded-for': '10.0.0.1' }]) {
      expect((await openSiteBrowser(site.url, headers).get(path)).status).toBe(200);
      expect((await openSiteBrowser(behindProxy.url, headers).get(path)).status).toBe(404);
    }
  });
});
