import { load } from 'cheerio';
import request from 'supertest';
import { OPERATOR_ACTIONS, type RecordedAction } from '#events';
import { ASSETS_DIR, loadAssets } from '#pages';
import { checkPage } from '../../../../../../test/support/page-checks.ts';
import { openOpsInMemory, type OpsInMemory } from '../../testing/ops-in-memory.ts';

const AT = Date.parse('2026-11-28T10:00:00+09:00');
const assets = loadAssets(ASSETS_DIR);
const assetBytes = [...assets.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);

let actions: RecordedAction[];
let ops: OpsInMemory;
let cookie: string;

beforeEach(async () => {
  actions = [];
  const read = async () => actions;
  ops = await openOpsInMemory({ actions: { now: read, lately: read } });
  const answer = await request(ops.app.getHttpServer())
    .post('/ops/login')
    .type('form')
    .set({ 'sec-fetch-site': 'same-origin' })
    .send({ token: 'abc:def' });
  cookie = (answer.headers['set-cookie'] as unknown as string[])[0]?.split(';', 1)[0] ?? '';
});
afterEach(() => ops.app.close());

const action = (more: Partial<RecordedAction> = {}): RecordedAction => ({
  id: `a-${actions.length}`,
  action: 'end-sessions',
  by: 'helpdesk',
  door: 'page',
  address: '192.0.2.7',
  subject: '0312345678',
  result: 'done',
  at: AT,
  ...more,
});
async function itemsOf(query = ''): Promise<string[]> {
  const { text } = await request(ops.app.getHttpServer()).get(`/ops/actions${query}`).set('cookie', cookie);
  checkPage(text, { assetBytes });
  const page = load(text);
  return page('.events li')
    .toArray()
    .map((one) => page(one).text().replaceAll(/\s+/g, ' '));
}

describe('O6 the page of who did what', () => {
  it('tells who, by which door, from where, what, about whom, and with which result', async () => {
    actions = [
      action(),
      action({ id: 'b', result: 'refused', code: 'stale', door: 'api', action: 'put-line' }),
      action({ id: 'c', result: 'unknown', by: null, subject: null }),
    ];
    const [first = '', second = '', third = ''] = await itemsOf();
    for (const told of [
      '10:00:00',
      '強制ログアウト',
      '0312345678',
      'helpdesk',
      '運用ページ',
      '192.0.2.7',
      '完了',
    ])
      expect(first).toContain(told);
    for (const told of ['回線の設定', '設定API', '拒否（stale）']) expect(second).toContain(told);
    for (const told of ['不明', '結果不明']) expect(third).toContain(told);
  });

  it('finds what somebody did, and what was done to a number, however it is typed', async () => {
    actions = [action(), action({ id: 'b', by: 'night' }), action({ id: 'c', subject: 'taro-01' })];
    expect(await itemsOf('?by=night')).toHaveLength(1);
    expect(await itemsOf('?subject=03-1234-5678')).toHaveLength(2);
    expect(await itemsOf('?subject=taro-01&by=helpdesk')).toHaveLength(1);
    expect(await itemsOf('?by=%22%3E%3Cscript%3E')).toEqual([]);
  });

  it('leads to what an action was about, where that has a page', async () => {
    actions = [
      action(),
      action({ id: 'b', action: 'close-dead-letter', subject: '7/12' }),
      action({ id: 'c', action: 'put-self-care', subject: 'taro-01' }),
      action({ id: 'd', action: 'delete-line' }),
    ];
    const { text } = await request(ops.app.getHttpServer()).get('/ops/actions').set('cookie', cookie);
    const page = load(text);
    const links = page('.events li')
      .toArray()
      .map((one) => page(one).find('a').attr('href'));
    expect(links).toEqual([
      '/ops/numbers/0312345678/access',
      '/ops/dead-letters/7%2F12',
      undefined,
      undefined,
    ]);
  });

  it('has words for every action, and shows no more than a phone can', async () => {
    actions = OPERATOR_ACTIONS.map((one) => action({ id: one, action: one }));
    const items = await itemsOf();
    expect(new Set(items).size).toBe(OPERATOR_ACTIONS.length);
    actions = Array.from({ length: 150 }, (_, index) => action({ id: String(index) }));
    expect(await itemsOf()).toHaveLength(100);
  });
});
