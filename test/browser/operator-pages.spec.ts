import type { Page } from 'playwright-core';
import { encodeEvent, TOPIC_NAMES } from '#events';
import type { Outcome } from '#redis';
import { createTopics, testProducer } from '../support/kafka.ts';
import { eventually } from '../support/eventually.ts';
import { startUnready } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { expectPage, expectRefused, follow, press } from './journey.ts';
import { visit, type View } from './visit.ts';

const prefix = `${uniqueName('operator')}.`;
// The switch's settings are compacted; here nobody writes them.
await createTopics(TOPIC_NAMES.filter((name) => name !== 'switch-settings').map((name) => prefix + name));
await createTopics([`${prefix}switch-settings`], 3, { 'cleanup.policy': 'compact' });
const TOKEN = 'a-token-for-operators';
const api = await startUnready(prefix, { SETTINGS_API_TOKENS: `helpdesk:${TOKEN}` });
const producer = await testProducer();

const NUMBER = '0312345679';
const MENU = ['稼働状況', '送信結果', '通信会社別', 'デッドレター', '番号のログイン', '操作の記録'].map(
  (name) => `link "${name}"`,
);
const TOP = 'link "稼働状況"';
const SEARCH = ['textbox "電話番号またはイベントID"', 'button "検索"'];
const now = Date.now();

const outcome = (eventId: string, more: Partial<Outcome>): Outcome => ({
  eventSource: '/switch/tokyo-1',
  eventId,
  sequence: 1,
  kind: 'call',
  number: NUMBER,
  lineNumber: '0312345678',
  at: new Date(now - 60_000).toISOString(),
  reason: 'notify',
  recipients: [],
  ...more,
});
const to = (address: string, state: string, response: string, attempts = 1) => ({
  address,
  state,
  attempts,
  response,
});

const OUTCOMES: readonly Outcome[] = [
  outcome('call-1', {
    recipients: [
      to('taro@docomo.ne.jp', 'accepted', '250 2.0.0 Ok: queued'),
      to(
        'hanako.yamada@gmail.com',
        'bounced',
        '550-5.1.1 The email account that you tried to reach does not exist.',
        2,
      ),
    ],
  }),
  outcome('call-2', { reason: 'answered' }),
  outcome('fax-1', {
    kind: 'fax',
    recipients: [to('jiro@softbank.ne.jp', 'deferred', '451 4.7.1 Try again later')],
  }),
];

async function publish(topic: string, type: string, key: string | null, data: unknown): Promise<void> {
  const { value, headers } = encodeEvent({
    type,
    source: '/switch/tokyo-1',
    id: uniqueName('record'),
    time: now,
    key,
    data,
  } as Parameters<typeof encodeEvent>[0]);
  await producer.send({ topic: prefix + topic, messages: [{ key, value, headers }] });
}

beforeAll(async () => {
  await publish('notify-outcomes', 'outcomes.v1', null, { items: OUTCOMES });
  await producer.send({
    topic: `${prefix}notify-dlq`,
    messages: [
      {
        key: NUMBER,
        value: '{',
        headers: {
          'dlq-id': 'd-1',
          'dlq-reason': 'malformed',
          'dlq-error': 'not JSON',
          'dlq-attempts': '0',
          'dlq-at': new Date(now - 3_600_000).toISOString(),
          'orig-topic': `${prefix}call-events`,
          'orig-partition': '0',
          'orig-offset': '0',
          ce_id: 'call-3',
          ce_source: '/switch/tokyo-1',
        },
      },
    ],
  });
  await publish('call-events', 'call.v1', '0312345678', {
    lineNumber: '0312345678',
    calledNumber: NUMBER,
    caller: { number: '09012345678' },
    startedAt: new Date(now - 30_000).toISOString(),
    ringSeconds: 12,
    outcome: 'unanswered',
  });
  await eventually(async () => {
    const answer = await fetch(`${api.url}/v1/outcomes/fax-1`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    return answer.status === 200;
  });
});

async function enter(view: View = { width: 375 }): Promise<Page> {
  const { page } = await visit(api.url, view);
  await page.goto('/ops');
  await press(page, 'ログイン', { トークン: TOKEN });
  return page;
}

describe("The operator's pages", () => {
  it('let in who shows a token, and lead back to what was asked for', async () => {
    const { page } = await visit(api.url, { width: 375 });
    await page.goto('/ops/carriers');
    await expectPage(page, 'ログイン');
    await expectSuitsEverybody(page, ['textbox "トークン"', 'button "ログイン"']);
    await press(page, 'ログイン', { トークン: 'wrong' });
    await expectRefused(page, 'ログイン', 'トークンが正しくありません。');
    await press(page, 'ログイン', { トークン: TOKEN });
    await expectPage(page, '通信会社別', 'helpdesk', 'gmail.com', '550-5.1.1');
    await expectSuitsEverybody(page, ['button "ログアウト"', ...MENU, TOP]);
    await press(page, 'ログアウト');
    await expectPage(page, 'ログイン', 'ログアウトしました。');
  });

  it('tell what flows', async () => {
    const page = await enter();
    await expectPage(page, '稼働状況', '使えます。', '1件が対応を待っています。', '受け取りました。');
    const waiting = page.getByRole('listitem').filter({ hasText: 'call-events (' });
    expect(await waiting.innerText()).toContain('1件が処理中か、待っています。');
    const ways = ['デッドレターを見る', '送信結果を見る', '通信会社別に見る', '操作の記録を見る'];
    const links = ways.map((name) => `link "${name}"`);
    await expectSuitsEverybody(page, ['button "ログアウト"', ...MENU, 'link "調べ直す"', ...links]);
  });

  it('find the outcomes of a number and tell a story, without JavaScript', async () => {
    const page = await enter({ width: 375, javaScript: false });
    await follow(page, '送信結果');
    await expectPage(page, '送信結果', '応答された着信のため送信していません', 't***@docomo.ne.jp');
    await press(page, '検索', { 電話番号またはイベントID: '03-1234-5679' });
    await expectPage(page, '送信結果', 'call-1', 'call-2', 'fax-1');
    await press(page, '検索', { 電話番号またはイベントID: 'call-1' });
    await follow(page, '経過を見る');
    await expectPage(page, 'イベントの経過', '宛先 h***@gmail.com', '550-5.1.1', '結果の記録');
    await follow(page, 'この番号の送信結果');
    await expectPage(page, '送信結果', 'call-1', 'call-2', 'fax-1');
  });

  it('O6 handle a dead letter, a login, and tell who did so, without JavaScript', async () => {
    await fetch(`${api.url}/v1/lines/0312345678`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ brand: 'ntt-east', numbers: [NUMBER], contractor: '' }),
    });
    const page = await enter({ width: 375, javaScript: false });
    await follow(page, '番号のログイン');
    await press(page, '表示', { 電話番号: '03-1234-5679' });
    await expectPage(page, '番号のログイン状態', '03-1234-5679', '回線単位');
    await follow(page, '強制ログアウト');
    await press(page, '強制ログアウト');
    await expectPage(page, '番号のログイン状態', 'ログアウトさせました。');
    await follow(page, 'デッドレター');
    await expectPage(page, 'デッドレター', '形式の誤り');
    await follow(page, '詳しく見る');
    await expectPage(page, 'デッドレター d-1', 'not JSON', '対応待ち');
    await follow(page, '対応不要にする');
    await press(page, '対応不要にする');
    await expectPage(page, 'デッドレター d-1', '対応不要にしました。');
    await eventually(async () => {
      await page.goto('/ops/actions');
      return (await page.getByText('強制ログアウト').count()) > 0;
    });
    await expectPage(page, '操作の記録', 'デッドレターを対応不要に', 'helpdesk');
  });

  it('O6 suit everybody where something is done', async () => {
    const page = await enter();
    const LETTERS = 'link "デッドレター"';
    const NUMBERS = 'link "番号のログイン"';
    const BACK = 'link "やめて戻る"';
    const shown: readonly (readonly [string, readonly string[]])[] = [
      [
        '/ops/dead-letters?all=yes',
        ['combobox "理由"', 'combobox "状態"', 'button "絞り込む"', 'link "詳しく見る"'],
      ],
      ['/ops/dead-letters/d-1', [LETTERS, 'link "イベントの経過"']],
      ['/ops/numbers', ['textbox "電話番号"', 'button "表示"']],
      [`/ops/numbers/${NUMBER}/access`, [NUMBERS, 'link "この番号の送信結果"', 'link "強制ログアウト"']],
      [`/ops/numbers/${NUMBER}/access/end-sessions`, [NUMBERS, 'button "強制ログアウト"', BACK]],
      ['/ops/actions', ['textbox "操作した人"', 'button "絞り込む"']],
    ];
    for (const [path, controls] of shown) {
      await page.goto(path);
      await expectSuitsEverybody(page, [...MENU, TOP, ...controls]);
    }
  });

  it('suit everybody', async () => {
    const page = await enter();
    await page.goto('/ops/outcomes');
    await expectSuitsEverybody(page, [
      ...MENU,
      TOP,
      ...SEARCH,
      'link "経過を見る"',
      'link "経過を見る"',
      'link "経過を見る"',
    ]);
    await page.goto(`/ops/event?id=${NUMBER}`);
    await expectPage(page, 'イベントの経過', 'まだ処理されていないもの', 'デッドレター', 'malformed');
    await expectSuitsEverybody(page, [...MENU, TOP, 'link "送信結果"', 'link "デッドレター d-1"']);
    await page.goto('/ops/event?id=call-1');
    const ofNumber = ['link "この番号の送信結果"', 'link "この番号のログイン状態"'];
    await expectSuitsEverybody(page, [...MENU, TOP, 'link "送信結果"', ...ofNumber]);
    await page.goto('/ops/event?id=nothing');
    await expectPage(page, 'イベントの経過', '分かることはありません');
    await expectSuitsEverybody(page, [...MENU, TOP, 'link "送信結果"']);
    await page.goto('/ops/nowhere');
    await expectPage(page, 'ページが見つかりません');
  });
});
