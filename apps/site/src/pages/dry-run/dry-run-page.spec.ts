import { load, type CheerioAPI } from 'cheerio';
import { EMPTY_CALL_NOTICE, EMPTY_SCREENING, type CallNotice } from '#rules';
import { NUMBER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { formFields, sendForm } from '../../../../../test/support/form-fields.ts';
import { checkPage } from '../../../../../test/support/page-checks.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { settingsOfAll, stage } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const CALL_NOTICE = `/numbers/${USER}/call-notice`;
const PATH = `${CALL_NOTICE}/dry-run`;
const CALLER = '09012345678';
const SAVED: CallNotice = {
  ...EMPTY_CALL_NOTICE,
  enabled: true,
  unansweredOnly: true,
  recipients: [
    { address: 'a@example.jp', enabled: true },
    { address: 'b@example.jp', enabled: false },
  ],
  targetCallers: [{ number: CALLER, enabled: true }],
};

let browser: SiteBrowser;
beforeEach(async () => {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' }));
  await site.settings.putSection(USER, 'callNotice', SAVED);
});

const $of = ({ text }: SiteAnswer): CheerioAPI => load(text);

/** What the page answers to who presses 試す: each paragraph and address, then the links. */
function answerOf(answer: SiteAnswer): string[] {
  const $ = $of(answer);
  const told = $('main [role=status]').find('p:not(.ways), li, a');
  return told.toArray().map((one) => {
    const href = $(one).attr('href');
    return href === undefined ? $(one).text() : `${$(one).text()} → ${href}`;
  });
}

/** Presses 試す, and returns the answer without the call itself. */
async function tryIt(fields: Record<string, string>): Promise<string[]> {
  const answer = await sendForm(browser, PATH, fields);
  expect(answer.status).toBe(200);
  checkPage(answer.text, { assetBytes: 0 });
  return answerOf(answer).slice(1);
}

const MAILED = ['次の送信先へメールが送信されます。', 'a@example.jp'];
const NONE = 'メールは送信されません。';
const CONDITIONS = `メール送信条件設定 → ${CALL_NOTICE}/conditions`;
const UNSAVED = '保存されていない設定で試した結果です。この設定で利用するには、保存してください。';

it('V7 the page begins with what is saved, and answers nothing yet', async () => {
  const answer = await browser.get(PATH);
  checkPage(answer.text, { assetBytes: 0 });
  expect(answerOf(answer)).toEqual([]);
  expect(formFields(answer.text)).toEqual({
    caller: '',
    outcome: 'unanswered',
    enabled: 'on',
    unansweredOnly: 'on',
  });
  const $ = $of(answer);
  expect(
    $('option')
      .toArray()
      .map((one) => $(one).text()),
  ).toEqual(['通話', '応答なし', '話中', '転送', '途中放棄']);
  expect($('main form').text()).toContain('ここで変更しても、保存されません。');
});

it('V7 says who would get a mail', async () => {
  expect(await tryIt({ caller: '０９０－１２３４－５６７８' })).toEqual(MAILED);
  expect(await tryIt({ withheld: 'on', outcome: 'busy' })).toEqual(MAILED);
});

it.each([
  [{ caller: '０９０－１２３４－５６７８', outcome: 'answered' }, '試した着信：090-1234-5678（通話）'],
  [{ caller: '+1 415 555 0100' }, '試した着信：+1-415-555-0100（応答なし）'],
  [{ caller: '110' }, '試した着信：110（応答なし）'],
  [{ withheld: 'on', outcome: 'busy' }, '試した着信：非通知（話中）'],
])('V7 says which call it was about: %j', async (fields, call) => {
  expect(answerOf(await sendForm(browser, PATH, fields))[0]).toBe(call);
});

it('V7 says why nobody would, and leads to the setting', async () => {
  expect(await tryIt({ caller: CALLER, outcome: 'answered' })).toEqual([
    NONE,
    '応答された着信のため送信しません（応答できなかった着信のみお知らせする：オン）。',
    CONDITIONS,
  ]);
  await site.settings.putSection(USER, 'callNotice', { ...SAVED, targetCallersOnly: true });
  expect(await tryIt({ caller: '0451112222' })).toEqual([
    NONE,
    'お知らせ対象電話番号ではない発信者からの着信のため送信しません（お知らせ対象電話番号からの着信のみお知らせする：オン）。',
    CONDITIONS,
    `お知らせ対象電話番号設定 → ${CALL_NOTICE}/target-callers`,
  ]);
  await site.settings.putSection(USER, 'screening', { ...EMPTY_SCREENING, nuisanceCallers: [CALLER] });
  expect(await tryIt({ caller: CALLER })).toEqual([
    NONE,
    '迷惑電話リストに登録された発信者からの着信のため送信しません（迷惑電話おことわりサービス）。',
  ]);
});

it('V7 tries conditions that are not saved, and says so', async () => {
  expect(await tryIt({ caller: CALLER, outcome: 'answered', unansweredOnly: '' })).toEqual([
    ...MAILED,
    UNSAVED,
    CONDITIONS,
  ]);
  expect(await tryIt({ caller: '0451112222', targetCallersOnly: 'on' })).toEqual([
    NONE,
    expect.stringContaining('お知らせ対象電話番号ではない発信者'),
    UNSAVED,
    CONDITIONS,
    `お知らせ対象電話番号設定 → ${CALL_NOTICE}/target-callers`,
  ]);
  expect(await tryIt({ caller: CALLER, enabled: 'off' })).toEqual([
    NONE,
    'サービスを開始していないため送信しません（サービス開始／停止：停止）。',
    UNSAVED,
    `サービス開始／停止 → ${CALL_NOTICE}/service`,
  ]);
});

it('V7 keeps what was typed, sends nothing and saves nothing', async () => {
  const before = await settingsOfAll(site);
  const typed = { caller: CALLER, outcome: 'answered', enabled: 'off', targetCallersOnly: 'on' };
  const answer = await sendForm(browser, PATH, typed);
  expect(formFields(answer.text)).toMatchObject(typed);
  expect(await settingsOfAll(site)).toEqual(before);
  expect(site.testMails.sent).toEqual([]);
});

it.each<[Record<string, string>, string, string]>([
  [{}, 'caller', 'どちらか一方にしてください。'],
  [{ caller: CALLER, withheld: 'on' }, 'caller', 'どちらか一方にしてください。'],
  [{ caller: '0901' }, 'caller', '桁数が正しくありません'],
  [{ caller: CALLER, outcome: 'lost' }, 'outcome', '入力内容が正しくありません'],
])('V7 refuses %j at its field', async (fields, field, sentence) => {
  const answer = await sendForm(browser, PATH, fields);
  expect(answer.status).toBe(422);
  checkPage(answer.text, { assetBytes: 0 });
  const $ = $of(answer);
  expect($(`[role=alert] a[href="#${field}"]`).text()).toContain(sentence);
  expect($(`#${field}-error`).text()).toContain(sentence);
  expect(answerOf(answer)).toEqual([]);
});

it('C3 says what is missing for a start', async () => {
  await site.settings.putSection(USER, 'callNotice', EMPTY_CALL_NOTICE);
  const answer = await sendForm(browser, PATH, { caller: CALLER, enabled: 'on' });
  expect(answer.status).toBe(422);
  expect($of(answer)('#enabled-error').text()).toContain('送信先メールアドレスが1件以上必要です');
});

it('A13 is not there where the call notice is not contracted', async () => {
  const [line] = site.scene.lines;
  site.scene.lines = [{ ...line!, services: { [USER]: ['fax-notice'] } }];
  expect((await browser.get(PATH)).status).toBe(404);
  expect((await browser.post(PATH, { caller: CALLER, outcome: 'answered', enabled: 'on' })).status).toBe(404);
});
