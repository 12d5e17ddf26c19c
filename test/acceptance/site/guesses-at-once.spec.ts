import { load } from 'cheerio';
import { openSiteBrowser, type SiteAnswer } from '../../support/site-browser.ts';
import { openSiteGround, PASSWORD } from '../../support/site-ground.ts';

const NO_ONE_TIME = {
  use: false,
  address: null,
  confirmation: null,
  registration: null,
  codesSentAt: [],
  linksSentAt: [],
  wrongPairs: 0,
};
const ground = await openSiteGround({ LOGIN_TRIES_PER_SOURCE: '0' });
const limited = await openSiteGround({ LOGIN_TRIES_PER_SOURCE: '5', SITE_TRUSTED_PROXIES: '127.0.0.0/8' });
const LIMIT = 120_000;

const statuses = (answers: readonly SiteAnswer[]): Record<number, number> => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

describe('many guesses at once', () => {
  it(
    'A3 fifty are fifty tries, and the right one behind them is refused; a known browser still logs in',
    async () => {
      const line = await ground.line({ oneTime: NO_ONE_TIME });
      const { lineNumber: number } = line;
      const known = ground.browser();
      expect((await known.post('/login', { number, password: PASSWORD })).headers.location).toBe('/menu');
      await known.post('/logout');
      const guess = (password: string) => ground.browser().post('/login', { number, password });
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => guess(`wrong${index}xyz`)));
      expect(statuses(answers)).toEqual({ 422: 50 });
      expect((await ground.account(line)).others.wrong).toBe(50);
      expect((await guess(PASSWORD)).status).toBe(422);
      expect((await known.post('/login', { number, password: PASSWORD })).headers.location).toBe('/menu');
    },
    LIMIT,
  );

  it(
    'A3 the right one among fifty wrong ones is at most one login, and no more than ten are looked at',
    async () => {
      const line = await ground.line({ oneTime: NO_ONE_TIME });
      const { lineNumber: number } = line;
      const guess = (password: string) => ground.browser().post('/login', { number, password });
      const wrong = Array.from({ length: 20 }, (_, index) => guess(`wrong${index}xyz`));
      const answers = await Promise.all([
        ...wrong,
        guess(PASSWORD),
        ...wrong.map((_, index) => guess(`bad${index}xyzw`)),
      ]);
      const { 422: refused = 0, 303: inside = 0 } = statuses(answers);
      expect([refused + inside, inside <= 1]).toEqual([41, true]);
      const { others, session } = await ground.account(line);
      expect([inside === 1, others.wrong > 10 || inside === 1]).toEqual([session !== null, true]);
    },
    LIMIT,
  );

  it(
    'A3 a flood is answered, tries that are too many with 503 and a page, and none of those counts',
    async () => {
      const line = await ground.line({ oneTime: NO_ONE_TIME });
      const { lineNumber: number } = line;
      const tries = Array.from({ length: 80 }, (_, index) =>
        ground.browser().post('/login', { number, password: `wrong${index}xyz` }),
      );
      const answers = await Promise.all(tries);
      const { 422: refused = 0, 503: busy = 0 } = statuses(answers);
      expect(refused + busy).toBe(80);
      for (const { headers, text } of answers.filter(({ status }) => status === 503)) {
        expect(Number(headers['retry-after'])).toBeGreaterThan(0);
        expect(load(text)('h1').text()).toBe('ただいまご利用いただけません');
      }
      expect((await ground.account(line)).others.wrong).toBe(refused);
      expect(ground.site.log.filter((entry) => entry.includes('"level":"error"'))).toEqual([]);
      const next = await ground.line({ oneTime: NO_ONE_TIME });
      const { headers } = await ground
        .browser()
        .post('/login', { number: next.lineNumber, password: PASSWORD });
      expect(headers.location).toBe('/menu');
    },
    LIMIT,
  );
});

describe('the tries of a source', () => {
  const from = (source: string) => openSiteBrowser(limited.site.url, { 'x-forwarded-for': source });

  it(
    'A3 are limited over all numbers: of IPv6 those of a network, and only failed ones count',
    async () => {
      const { lineNumber: number } = await limited.line({ oneTime: NO_ONE_TIME });
      const wrong = (index: number, source: string) =>
        from(source).post('/login', { number: `036666000${index}`, password: 'wrong1234x' });
      for (let index = 0; index < 3; index += 1)
        expect((await from('2001:db8:7:7::1').post('/login', { number, password: PASSWORD })).status).toBe(
          303,
        );
      for (let index = 0; index < 5; index += 1)
        expect((await wrong(index, `2001:db8:7:7:${index}::${index}`)).status).toBe(422);
      const refused = await wrong(6, '2001:db8:7:7:ffff::1');
      expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
      // The right password waits too: nothing is looked at.
      expect((await from('2001:db8:7:7::9').post('/login', { number, password: PASSWORD })).status).toBe(429);
      expect((await from('2001:db8:7:8::1').post('/login', { number, password: PASSWORD })).status).toBe(303);
    },
    LIMIT,
  );

  it(
    'A3 are taken before they are looked at: of twenty at once five are',
    async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          from('203.0.113.50').post('/login', { number: `03666611${10 + index}`, password: 'wrong1234x' }),
        ),
      );
      expect(statuses(answers)).toEqual({ 422: 5, 429: 15 });
    },
    LIMIT,
  );

  it(
    'A14 count for self-care logins too',
    async () => {
      for (let index = 0; index < 5; index += 1)
        await from('203.0.113.60').post('/self-care', { id: `nobody${index}`, password: 'wrong1234x' });
      expect((await from('203.0.113.60').post('/self-care', { id: 'x', password: 'y' })).status).toBe(429);
      expect(
        (await from('203.0.113.60').post('/login', { number: '0366660000', password: 'y' })).status,
      ).toBe(429);
    },
    LIMIT,
  );
});
