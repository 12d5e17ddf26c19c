import { load } from 'cheerio';
import request from 'supertest';
import { intervene, INTERVENTIONS, NO_ACCOUNT } from '#access';
import { createActionLog } from '#operations';
import { ASSETS_DIR, loadAssets } from '#pages';
import {
  createScene,
  GROUP,
  LINE,
  USER,
  type Scene,
} from '../../../../../../libs/access/testing/access-scene.ts';
import { memoryOutbox } from '../../../../../../libs/operations/testing/memory-outbox.ts';
import { checkPage } from '../../../../../../test/support/page-checks.ts';
import { INTERVENTION_WORDS } from './view.tsx';
import { openOpsInMemory, type OpsInMemory } from '../../testing/ops-in-memory.ts';

const OURS = { 'sec-fetch-site': 'same-origin' };
const PAGE = `/ops/numbers/${USER}/access`;
const assets = loadAssets(ASSETS_DIR);
const assetBytes = [...assets.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);

let scene: Scene;
let ops: OpsInMemory;
let cookie: string;
let outbox: ReturnType<typeof memoryOutbox>;

/** Opens the pages on a scene, with room for so many records of what is done. */
async function open(room?: number): Promise<void> {
  scene = createScene();
  outbox = memoryOutbox(room);
  ops = await openOpsInMemory({
    access: scene.deps,
    actionLog: createActionLog({ outbox, now: () => scene.now }),
  });
  const answer = await http().post('/ops/login').type('form').set(OURS).send({ token: 'abc:def' });
  cookie = (answer.headers['set-cookie'] as unknown as string[])[0]?.split(';', 1)[0] ?? '';
}

beforeEach(() => open());
afterEach(() => ops.app.close());

const http = () => request(ops.app.getHttpServer());
const get = (path: string) => http().get(path).set('cookie', cookie);
const post = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = OURS) =>
  http()
    .post(path)
    .type('form')
    .set({ cookie, ...headers })
    .send(form);
const seeDone = (answer: request.Response, path = answer.headers.location ?? '') =>
  http()
    .get(path)
    .set(
      'cookie',
      `${cookie}; ${(answer.headers['set-cookie'] as unknown as string[])[0]?.split(';', 1)[0]}`,
    );
const noticesOf = ({ text }: request.Response): string[] => {
  const page = load(text);
  return page('[role=status]')
    .toArray()
    .map((one) => page(one).text());
};
const accountOf = async () => (await scene.deps.store.read(GROUP, [USER])).accounts.get(USER) ?? NO_ACCOUNT;
const done = () => outbox.actions().filter(({ action }) => action !== 'log-in');

describe("A15 the page of a number's login", () => {
  it('is found by the number, however it is typed', async () => {
    const answer = await post('/ops/numbers', { number: '０３-1234-5679' });
    expect([answer.status, answer.headers.location]).toEqual([303, PAGE]);
    for (const number of ['', 'x', '0399999999', '"><script>'])
      await post('/ops/numbers', { number }).expect(422);
    await get('/ops/numbers/0399999999/access').expect(404);
    await get('/ops/numbers/x/access').expect(404);
  });

  it('tells the state, the address masked, and what operators did', async () => {
    const oneTime = { ...NO_ACCOUNT.oneTime, use: true, address: 'taro@example.jp' };
    await scene.deps.store.change(GROUP, [USER], () => ({
      result: undefined,
      accounts: new Map([[USER, { ...NO_ACCOUNT, oneTime }]]),
    }));
    await intervene(scene.deps, LINE, { number: USER, what: 'end-sessions', by: 'night' });
    const { text } = await get(PAGE).expect(200);
    expect(text).not.toContain('taro@example.jp');
    const page = load(text)('main').text();
    for (const told of ['03-1234-5679', 't***@example.jp', '回線単位', '強制ログアウト（night）'])
      expect(page).toContain(told);
    for (const path of ['outcomes?q', 'actions?subject'])
      expect(load(text)(`main a[href="/ops/${path}=${USER}"]`)).toHaveLength(1);
  });

  it.each(INTERVENTIONS)('asks once more before %s, and does it by POST alone', async (what) => {
    const page = load((await get(`${PAGE}/${what}`)).text);
    expect(page(`form[method=post][action="${PAGE}/${what}"]`)).toHaveLength(1);
    expect([(await accountOf()).interventions, done()]).toEqual([[], []]);
    const answer = await post(`${PAGE}/${what}`);
    expect([answer.status, answer.headers.location]).toEqual([303, PAGE]);
    expect((await accountOf()).interventions).toMatchObject([{ what, by: 'helpdesk' }]);
    const told = await seeDone(answer);
    checkPage(told.text, { assetBytes });
    expect(noticesOf(told)).toEqual([INTERVENTION_WORDS[what].done]);
  });

  it('says that something was done to who did it, once, and there alone', async () => {
    const answer = await post(`${PAGE}/end-sessions`);
    expect((await seeDone(answer)).headers['set-cookie']).toEqual([
      expect.stringMatching(/done=; Max-Age=0/),
    ]);
    const elsewhere = await seeDone(answer, '/ops/numbers/0312345678/access');
    expect([elsewhere.status, noticesOf(elsewhere)]).toEqual([200, []]);
    // Whoever makes up an address has no cookie of ours.
    for (const path of [PAGE, `${PAGE}?done=end-sessions`]) expect(noticesOf(await get(path))).toEqual([]);
  });

  it('O6 records who did what to whom', async () => {
    await post(`${PAGE}/end-sessions`).expect(303);
    expect(done()).toMatchObject([
      { action: 'end-sessions', by: 'helpdesk', door: 'page', subject: USER, result: 'done' },
    ]);
  });

  it('O6 does nothing that cannot be recorded', async () => {
    await ops.app.close();
    // The login is recorded too.
    await open(1);
    const answer = await post(`${PAGE}/invalidate-password`);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, expect.any(String)]);
    expect((await accountOf()).interventions).toEqual([]);
  });

  it('takes no form of another site, of nobody, and for nothing that there is', async () => {
    await post(`${PAGE}/end-sessions`, {}, { 'sec-fetch-site': 'cross-site' }).expect(403);
    await post(`${PAGE}/temporary-password`).expect(404);
    await post('/ops/numbers/0399999999/access/end-sessions').expect(404);
    cookie = '';
    await post(`${PAGE}/end-sessions`).expect(303);
    expect((await accountOf()).interventions).toEqual([]);
  });

  it('is well made', async () => {
    for (const path of ['/ops/numbers', PAGE, `${PAGE}/end-sessions`])
      checkPage((await get(path)).text, { assetBytes });
  });
});

describe('O6 the record of the way in and out', () => {
  it('holds who came in and went out, and never the token', async () => {
    await post('/ops/login', { token: 'a wrong token' }).expect(422);
    await post('/ops/logout').expect(303);
    await post('/ops/logout').expect(303);
    expect(outbox.actions()).toMatchObject([
      { action: 'log-in', by: 'helpdesk', result: 'done', address: expect.any(String) as string },
      { action: 'log-in', by: null, result: 'refused', code: 'unknown-token' },
      { action: 'log-out', by: 'helpdesk', result: 'done' },
    ]);
    expect(outbox.texts.join()).not.toMatch(/abc:def|a wrong token/);
  });

  it('has to be written before the cookie is given', async () => {
    await ops.app.close();
    await open(1);
    const answer = await post('/ops/login', { token: 'abc:def' });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([503, undefined]);
  });

  it('keeps nobody in who goes out', async () => {
    await ops.app.close();
    await open(1);
    expect((await get('/ops')).status).toBe(200);
    await post('/ops/logout').expect(503);
    expect((await get('/ops')).status).toBe(303);
  });
});

describe('the log of requests', () => {
  it('names the operator by the token’s name, and never the token', async () => {
    ops.log.length = 0;
    await post(`${PAGE}/end-sessions`).expect(303);
    await post('/ops/logout').expect(303);
    await post(`${PAGE}/end-sessions`).expect(303);
    const answered = ops.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg }) => msg === 'answered');
    expect(answered.map(({ route, client }) => [route, client])).toEqual([
      ['/ops/numbers/:number/access/:what', 'helpdesk'],
      ['/ops/logout', 'helpdesk'],
      ['/ops/numbers/:number/access/:what', undefined],
    ]);
    expect(ops.log.join()).not.toContain('abc:def');
  });
});
