import type { Page } from 'playwright-core';
import type { Outcome } from '#redis';
import { EMPTY_CALL_NOTICE } from '#rules';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { expectPage, expectRefused, follow, logIn, press } from './journey.ts';
import { openSite } from './site-scene.ts';
import { visit } from './visit.ts';

const site = await openSite();
const HOUR_MS = 3_600_000;
const [TARGETS_ONLY, UNANSWERED] = [
  'お知らせ対象電話番号からの着信のみお知らせする',
  '応答できなかった着信のみお知らせする',
];
const to = (address: string, enabled = true) => ({ address, enabled });

/** Logs in on a line whose call notice is started for unanswered calls, and opens its page of that name. */
async function enter(name: string, outcomes: (number: string) => Outcome[] = () => []): Promise<Page> {
  const [number] = await site.line({ numbers: 2 });
  const recipients = [to('taro@example.jp'), to('hanako@example.jp', false)];
  const notice = { ...EMPTY_CALL_NOTICE, enabled: true, unansweredOnly: true, recipients };
  await site.settings.putSection(number, 'callNotice', notice);
  await site.history.keep(outcomes(number));
  const { page } = await visit(site.url, { width: 375 });
  await logIn(page, number);
  await page.goto(`/numbers/${number}/${name}`);
  return page;
}

const DRY_RUN = 'call-notice/dry-run';
const CONTROLS = [
  'textbox "発信者電話番号"',
  'checkbox "非通知"',
  'combobox "着信状態"',
  'radio "開始"',
  `checkbox "${TARGETS_ONLY}"`,
  `checkbox "${UNANSWERED}"`,
  'button "試す"',
];
const link = (name: string): string => `link "${name}"`;
const answer = (page: Page): Promise<string> => page.getByRole('status').innerText();

describe('The dry run', () => {
  it('V7 answers by what is saved, and leads to the setting', async () => {
    const page = await enter(DRY_RUN);
    await expectPage(page, 'この設定を試す', '設定も変更されません。');
    await expectSuitsEverybody(page, CONTROLS);
    await press(page, '試す', { 発信者電話番号: '090-1234-5678' });
    expect(await answer(page)).toMatch(
      /^試した着信：090-1234-5678（応答なし）\s+次の送信先へ\S+\s+taro@example\.jp$/,
    );
    await expectSuitsEverybody(page, CONTROLS);
    await page.getByLabel('着信状態', { exact: true }).selectOption('通話');
    await press(page, '試す');
    expect(await answer(page)).toContain('応答された着信のため送信しません');
    await expectSuitsEverybody(page, [link('メール送信条件設定'), ...CONTROLS]);
    await follow(page, 'メール送信条件設定');
    await expectPage(page, 'メール送信条件設定');
  });

  it('V7 answers by what is not saved, too, and saves nothing', async () => {
    const page = await enter(DRY_RUN);
    await press(page, '試す', { 非通知: true, [TARGETS_ONLY]: true });
    expect(await answer(page)).toContain('電話番号を通知しなかった着信のため送信しません');
    expect(await answer(page)).toContain('保存されていない設定で試した結果です。');
    await page.reload();
    await page.goto(page.url());
    expect(await page.getByLabel(TARGETS_ONLY).isChecked()).toBe(false);
    expect(await page.getByLabel(UNANSWERED).isChecked()).toBe(true);
  });

  it('V7 says what is wrong with the call', async () => {
    const page = await enter(DRY_RUN);
    await press(page, '試す');
    await expectRefused(page, 'この設定を試す', 'どちらか一方にしてください。');
    await expectSuitsEverybody(page, CONTROLS);
  });
});

describe('The history', () => {
  const outcomeOf = (number: string, hoursAgo: number, more: Partial<Outcome>): Outcome => ({
    eventSource: '/switch/1',
    eventId: `e-${number}-${hoursAgo}`,
    sequence: 1,
    kind: 'call',
    number,
    lineNumber: number,
    at: new Date(Date.now() - hoursAgo * HOUR_MS).toISOString(),
    reason: 'notify',
    recipients: [],
    ...more,
  });
  const sent = (address: string, state = 'accepted') => ({ address, state, attempts: 1, response: '' });
  const past = (number: string): Outcome[] => [
    outcomeOf(number, 0.1, { recipients: [sent('taro@example.jp'), sent('hanako@example.jp', 'bounced')] }),
    outcomeOf(number, 1, { reason: 'answered' }),
    outcomeOf(number, 2, { kind: 'test', recipients: [sent('taro@example.jp', 'deferred')] }),
    outcomeOf(number, 25, { kind: 'fax', recipients: [sent('taro.yamada.hikari@mail.example.ne.jp')] }),
    outcomeOf(number, 26, { kind: 'recovery', recipients: [sent('taro@example.jp')] }),
    outcomeOf(number, 27, { kind: 'fault', recipients: [sent('taro@example.jp', 'in-doubt')] }),
    outcomeOf(number, 28, { reason: 'not-target' }),
    ...Array.from({ length: 50 }, (_, index) => outcomeOf(number, 30 + index, { reason: 'nuisance-caller' })),
  ];

  it('V6 tells what happened by day, and why, leads to the setting, and goes on', async () => {
    const page = await enter('history', past);
    await expectPage(
      page,
      'お知らせ履歴',
      '電話の着信',
      'メールサーバーが受け取りました。',
      `応答された着信のため送信していません（${UNANSWERED}：オン）。`,
      '迷惑電話リストに登録された発信者からの着信のため送信していません（迷惑電話おことわりサービス）。',
    );
    await expectSuitsEverybody(page, [
      link('電話番号選択'),
      link('送信先メールアドレス設定'),
      link('メール送信条件設定'),
      link('メール送信条件設定'),
      link('次へ'),
    ]);
    await follow(page, '次へ');
    await expectPage(page, 'お知らせ履歴', '迷惑電話リスト');
    await expectSuitsEverybody(page, [link('最新の記録へ戻る')]);
    await follow(page, '最新の記録へ戻る');
    await expectPage(page, 'お知らせ履歴', 'FAXの受信');
  });

  it('V6 says that there is nothing', async () => {
    const page = await enter('history');
    await expectPage(page, 'お知らせ履歴', '記録はありません。');
    await expectSuitsEverybody(page, [link('電話番号選択')]);
  });
});
