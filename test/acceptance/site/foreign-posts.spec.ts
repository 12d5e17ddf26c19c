import { NUMBER, USER } from '../../../libs/access/testing/access-scene.ts';
import { openSiteBrowser } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import { accountsOf, formOf, stage, type State } from '../../support/site-somebody.ts';

const site = await startSiteInMemory();
const HOST = 'www.hikari.ntt-east.net';

/** What other sites' pages send, and what nobody sends who uses a page of ours. */
const FOREIGN_HEADERS: readonly Record<string, string | undefined>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', origin: `https://${HOST}` },
  { 'sec-fetch-site': 'same-origin, cross-site' },
  { 'sec-fetch-site': '' },
  { 'sec-fetch-site': undefined, origin: 'null' },
  { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
  { 'sec-fetch-site': undefined, origin: `https://${HOST}.evil.example` },
  { 'sec-fetch-site': undefined, origin: `https://${HOST}:8443` },
  { 'sec-fetch-site': undefined, origin: `https://${HOST}@evil.example` },
  { 'sec-fetch-site': undefined, referer: `https://${HOST}/menu` },
  { 'sec-fetch-site': undefined },
];

const IN: State = 'in';

/** At each page with a form: who is before it, and what was done before, so that its form does something. */
const ACTS: Readonly<Record<string, { state: State; before?: readonly string[]; value?: string }>> = {
  '/login': { state: 'out' },
  '/logout': { state: IN },
  '/session': { state: IN },
  '/password': { state: 'change-password' },
  '/password/:number': { state: IN, value: USER },
  '/one-time-password': { state: 'choose-one-time' },
  '/one-time-password/decline': { state: 'choose-one-time' },
  '/one-time-password/address': { state: 'choose-one-time' },
  '/one-time-password/confirm': { state: 'choose-one-time', before: ['/one-time-password/address'] },
  '/code': { state: 'code', before: ['/code/send'] },
  '/code/send': { state: 'code' },
  '/code/address': { state: 'code' },
  '/self-care/code': { state: 'self-care-code', before: ['/self-care/code/send'] },
  '/self-care/code/send': { state: 'self-care-code' },
  '/registration': { state: 'code' },
  '/confirmation-id': { state: IN },
  '/confirmation-password': { state: IN },
  '/unit/:unit': { state: IN, value: 'number' },
  '/unit/confirm': { state: IN, before: ['/unit/number'] },
  '/self-care': { state: 'out' },
};

/** Where the form changes no account, its page answers something else. */
const CHANGES_NOTHING = ['/login', '/session', '/one-time-password', '/registration', '/self-care'];

const POSTS = site.routes.filter(({ methods }) => methods.includes('POST')).map(({ path }) => path);

it.each(POSTS)('A12 a POST of another site to %s is 403 and changes nothing', async (path) => {
  const act = ACTS[path];
  if (!act) throw new Error('a page with a form has no row in the table');
  const { state, before = [], value = NUMBER } = act;
  const somebody = { unit: 'administrator-user', own: NUMBER, state } as const;
  const { scene, browser } = await stage(site, somebody);
  const form = formOf(somebody, value);
  for (const step of before) expect((await browser.post(step, form)).status).toBe(303);
  const own = path.replace(/:\w+/, value);
  const was = await accountsOf(scene);
  for (const headers of FOREIGN_HEADERS) {
    const victim = browser.copied();
    const { status, headers: answered } = await victim.post(own, form, { host: HOST, ...headers });
    expect([headers, status, answered['set-cookie']]).toEqual([headers, 403, undefined]);
  }
  expect(await accountsOf(scene)).toEqual(was);
  expect(scene.mails).toHaveLength(before.some((step) => step.endsWith('/send')) ? 1 : 0);
  // The form is one that does something when it comes from here.
  const { status } = await browser.post(own, form);
  expect(status).not.toBe(403);
  if (!CHANGES_NOTHING.includes(path)) expect(await accountsOf(scene)).not.toEqual(was);
});

it('A12 an old browser’s POST is taken by its Origin, from this site alone', async () => {
  await stage(site, { unit: 'line', own: NUMBER, state: 'out' });
  const old = openSiteBrowser(site.url, { host: HOST });
  const headers = { 'sec-fetch-site': undefined, origin: `https://${HOST}` };
  expect((await old.post('/login', {}, headers)).status).toBe(422);
});
