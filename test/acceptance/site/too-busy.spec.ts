import { load } from 'cheerio';
import { NUMBER } from '../../../libs/access/testing/access-scene.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import { accountsOf, formOf, stage, type State } from '../../support/site-somebody.ts';

const site = await startSiteInMemory();

/** The forms that cost a hash, and who sends them. */
const HASHING: readonly (readonly [State, string, Readonly<Record<string, string>>])[] = [
  ['out', '/login', { number: NUMBER }],
  ['out', '/login', { number: '0399999999' }],
  ['out', '/self-care', {}],
  ['change-password', '/password', {}],
  ['in', '/password', {}],
  ['in', '/unit/line', {}],
  ['in', '/confirmation-password', { current: 'tsubaki42q', next: 'sazanka35h', again: 'sazanka35h' }],
  ['choose-one-time', '/one-time-password/address', {}],
  ['code', '/code/address', {}],
];

it.each(HASHING)(
  'A3 too many to be looked at: %s at %s is 503, and nothing counts',
  async (state, path, more) => {
    const somebody = { unit: 'number', own: NUMBER, state } as const;
    const { scene, browser } = await stage(site, somebody);
    const form = { ...formOf(somebody, NUMBER), ...more };
    const before = await accountsOf(scene);
    scene.hasher.isBusy = true;
    for (let index = 0; index < 12; index += 1) {
      const { status, headers, text } = await browser.post(path, form);
      expect([status, load(text)('h1').text()]).toEqual([503, 'ただいまご利用いただけません']);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    scene.hasher.isBusy = false;
    const counted = (accounts: ReadonlyMap<string, unknown>) =>
      JSON.stringify([...accounts]).replaceAll(/"lastAt":\d+/g, '');
    expect(counted(await accountsOf(scene))).toBe(counted(before));
    expect(scene.sourceTries).toEqual([]);
    expect([303, 422]).toContain((await browser.post(path, form)).status);
  },
);
