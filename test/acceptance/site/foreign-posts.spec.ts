import { NUMBER, USER } from '../../../libs/access/testing/access-scene.ts';
import { openSiteBrowser } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import {
  accountsOf,
  formOf,
  settingsOfAll,
  stage,
  versionAt,
  type State,
} from '../../support/site-somebody.ts';
import { uploadForm } from '../../support/upload-form.ts';

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
const CALL_NOTICE = '/numbers/:number/call-notice';
const FAX_NOTICE = '/numbers/:number/fax-notice';
const FAULT_NOTICE = '/line/fault-notice';
const VOICE_WARP = '/numbers/:number/voice-warp';
const BULK_TRANSFER = '/line/bulk-transfer';

/** At each page with a form: who is before it, and what was done before, so that its form does something. */
interface Act {
  readonly state: State;
  readonly before?: readonly string[];
  readonly value?: string;
  /** What the form says besides. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The CSV that is the form's file; or whose preview has the form. */
  readonly csv?: string;
}

const CALLS = '/services/call-notice/csv';
const TRANSFER = '/line/bulk-transfer/csv';
const ONE_TIME = '/one-time-password/csv';
const DESTINATIONS = `電話番号,転送先電話番号\n${NUMBER},0698765432`;
const PASSWORDS = `電話番号,ワンタイムパスワード利用設定,ワンタイムパスワード受信用メールアドレス,確認用ID,確認用パスワード\n${NUMBER},0,new@example.jp,Kakunin01,`;

const numbered = (count: number, ...names: string[]): string[] =>
  Array.from({ length: count }, (_, index) => names.map((name) => `${name}${index + 1}`)).flat();
const CALL_COLUMNS = [
  '電話番号,開始,対象のみ,未応答のみ',
  numbered(5, 'アドレス', '送信'),
  numbered(30, '対象', '指定'),
];
const CALL_NOTICES = `${CALL_COLUMNS.join()}\n${NUMBER},0,1,0`;

const ACTS: Readonly<Record<string, Act>> = {
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
  '/self-care/ip-phone-password': { state: 'self-care' },
  '/self-care/ip-phone-password/confirm': {
    state: 'self-care',
    before: ['/self-care/ip-phone-password'],
  },
  [CALLS]: { state: IN, csv: CALL_NOTICES },
  [TRANSFER]: { state: IN, csv: DESTINATIONS },
  [ONE_TIME]: { state: IN, csv: PASSWORDS },
  [`${CALLS}/set`]: { state: IN, csv: CALL_NOTICES },
  [`${TRANSFER}/set`]: { state: IN, csv: DESTINATIONS },
  [`${ONE_TIME}/set`]: { state: IN, csv: PASSWORDS },
  [`${CALL_NOTICE}/recipients`]: { state: IN },
  // C3: a start needs a recipient.
  [`${CALL_NOTICE}/service`]: { state: IN, fields: { enabled: 'on' }, before: [`${CALL_NOTICE}/recipients`] },
  [`${CALL_NOTICE}/conditions`]: { state: IN },
  [`${CALL_NOTICE}/target-callers`]: { state: IN },
  [`${CALL_NOTICE}/dry-run`]: { state: IN },
  [`${FAX_NOTICE}/recipients`]: { state: IN },
  [`${FAX_NOTICE}/service`]: { state: IN, fields: { enabled: 'on' }, before: [`${FAX_NOTICE}/recipients`] },
  [`${FAULT_NOTICE}/recipients`]: { state: IN },
  [`${FAULT_NOTICE}/service`]: {
    state: IN,
    fields: { enabled: 'on' },
    before: [`${FAULT_NOTICE}/recipients`],
  },
  [`${VOICE_WARP}/service`]: { state: IN },
  [`${VOICE_WARP}/destinations`]: { state: IN },
  [`${VOICE_WARP}/select`]: {
    state: IN,
    fields: { mode: 'ring-listed' },
    before: [`${VOICE_WARP}/select-list`],
  },
  [`${VOICE_WARP}/select-list`]: { state: IN },
  [`${BULK_TRANSFER}/service`]: { state: IN, fields: { enabled: 'on' } },
  [`${BULK_TRANSFER}/start`]: {
    state: IN,
    fields: { enabled: 'on' },
    before: [`${BULK_TRANSFER}/destinations`],
  },
  [`${BULK_TRANSFER}/destinations`]: { state: IN },
  [`${BULK_TRANSFER}/destinations/:page`]: { state: IN, value: '1' },
  [`${FAULT_NOTICE}/mail-text`]: { state: IN },
  [`${FAULT_NOTICE}/auto-start`]: { state: IN },
  [`${FAULT_NOTICE}/auto-stop`]: { state: IN },
};

/** Where the form changes no account and no setting, its page answers something else. */
const CHANGES_NOTHING = [
  '/login',
  '/session',
  '/one-time-password',
  '/registration',
  '/self-care',
  `${CALL_NOTICE}/dry-run`,
  // They ask once more.
  `${BULK_TRANSFER}/service`,
  CALLS,
  TRANSFER,
  ONE_TIME,
];

const POSTS = site.routes.filter(({ methods }) => methods.includes('POST')).map(({ path }) => path);

it.each(POSTS)('A12 a POST of another site to %s is 403 and changes nothing', async (path) => {
  const act = ACTS[path];
  if (!act) throw new Error('a page with a form has no row in the table');
  const { state, before = [], value = NUMBER, fields, csv } = act;
  const somebody = { unit: 'administrator-user', own: NUMBER, state } as const;
  const { scene, browser } = await stage(site, somebody);
  const at = (template: string): string => template.replace(/:\w+/, value);
  const formAt = async (template: string): Promise<Record<string, string>> => ({
    ...formOf(somebody, value),
    version: await versionAt(site, at(template)),
  });
  for (const step of before) expect((await browser.post(at(step), await formAt(step))).status).toBe(303);
  const own = at(path);
  const upload = csv === undefined ? undefined : uploadForm(csv);
  const preview =
    upload && path.endsWith('/set')
      ? await browser.post(own.slice(0, -4), upload.body, upload.headers)
      : undefined;
  const id = /name="upload" value="([^"]+)"/.exec(preview?.text ?? '')?.[1] ?? '';
  const { body: form, headers: sent } =
    upload && !preview ? upload : { body: { ...(await formAt(path)), ...fields, upload: id }, headers: {} };
  const all = async (): Promise<unknown> => [await accountsOf(scene), await settingsOfAll(site)];
  const was = await all();
  const mailed = scene.mails.length;
  for (const headers of FOREIGN_HEADERS) {
    const victim = browser.copied();
    const { status, headers: answered } = await victim.post(own, form, { host: HOST, ...sent, ...headers });
    expect([headers, status, answered['set-cookie']]).toEqual([headers, 403, undefined]);
  }
  expect(await all()).toEqual(was);
  expect(scene.mails).toHaveLength(mailed);
  // The form is one that does something when it comes from here.
  const { status } = await browser.post(own, form, sent);
  expect(status).not.toBe(403);
  expect(status).not.toBe(415);
  if (!CHANGES_NOTHING.includes(path)) expect(await all()).not.toEqual(was);
});

it('A12 an old browser’s POST is taken by its Origin, from this site alone', async () => {
  await stage(site, { unit: 'line', own: NUMBER, state: 'out' });
  const old = openSiteBrowser(site.url, { host: HOST });
  const headers = { 'sec-fetch-site': undefined, origin: `https://${HOST}` };
  expect((await old.post('/login', {}, headers)).status).toBe(422);
});
