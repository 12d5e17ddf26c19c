import { load, type CheerioAPI } from 'cheerio';
import { RECIPIENT_STATES } from '#delivery';
import { routeTable } from '#pages';
import { RedisError, type Outcome, type OutcomeHistory } from '#redis';
import { REASONS } from '#rules';
import { LINE, NUMBER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { checkPage } from '../../../../../test/support/page-checks.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { stage } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const PATH = `/numbers/${USER}/history`;
const to = (address: string, state = 'accepted') => ({ address, state, attempts: 1, response: '250 Ok' });

/** C4–C9: only a call has them. */
const OF_CALLS = [
  'refused-number-request',
  'nuisance-caller',
  'forward-failed',
  'answered',
  'withheld-not-target',
  'not-target',
];

let serial = 0;
function outcome(more: Partial<Outcome> = {}): Outcome {
  serial += 1;
  return {
    eventSource: '/switch/1',
    eventId: `c-${serial}`,
    sequence: 1,
    kind: 'call',
    number: USER,
    lineNumber: NUMBER,
    at: '2026-11-28T14:05:09+09:00',
    reason: 'notify',
    recipients: [to('a@example.jp')],
    ...more,
  };
}

/** A history of these outcomes; its cursor is the place of the next one. */
const historyOf = (items: readonly Outcome[]): Pick<OutcomeHistory, 'ofNumber'> => ({
  ofNumber: async ({ number, limit, cursor = '0' }) => {
    if (!/^\d+$/.test(cursor)) return undefined;
    const all = items.filter((item) => item.number === number);
    const end = Number(cursor) + limit;
    return { items: all.slice(Number(cursor), end), nextCursor: end < all.length ? `${end}` : null };
  },
});

let browser: SiteBrowser;
beforeEach(async () => {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' }));
});

async function show(items: readonly Outcome[], path = PATH): Promise<SiteAnswer> {
  site.history = historyOf(items);
  const answer = await browser.get(path);
  expect(answer.status).toBe(200);
  checkPage(answer.text, { assetBytes: 0 });
  return answer;
}

const $of = ({ text }: SiteAnswer): CheerioAPI => load(text);

/** What stands at each event: its lines, its links as `text → path`. */
function eventsOf(answer: SiteAnswer): string[][] {
  const $ = $of(answer);
  const rows = $('.events > li').toArray();
  return rows.map((row) =>
    $(row)
      .find('p:not(.ways), ul > li, a')
      .toArray()
      .map((one) => {
        const href = $(one).attr('href');
        return href === undefined ? $(one).text() : `${$(one).text()} → ${href}`;
      }),
  );
}

describe('V6 the history of a number', () => {
  it('says which mails went where, and how each stands', async () => {
    const recipients = [to('a@example.jp'), to('b@example.jp'), to('c@example.jp', 'bounced')];
    expect(eventsOf(await show([outcome({ recipients })]))).toEqual([
      [
        '14:05 電話の着信',
        'メールサーバーが受け取りました。',
        'a@example.jp',
        'b@example.jp',
        'メールサーバーが受け取らなかったため、届いていません。',
        'c@example.jp',
        `送信先メールアドレス設定 → /numbers/${USER}/call-notice/recipients`,
      ],
    ]);
  });

  it('says why no mail was sent, naming the setting and leading to it', async () => {
    const answer = await show([outcome({ reason: 'answered', recipients: [] })]);
    expect(eventsOf(answer)).toEqual([
      [
        '14:05 電話の着信',
        '応答された着信のため送信していません（応答できなかった着信のみお知らせする：オン）。',
        `メール送信条件設定 → /numbers/${USER}/call-notice/conditions`,
      ],
    ]);
  });

  it('is told by day in Japan, as it comes: newest first', async () => {
    const at = ['2026-11-28T00:00:00+09:00', '2026-11-27T14:59:59Z', '2026-11-26T15:00:00Z'];
    const $ = $of(await show(at.map((one) => outcome({ at: one }))));
    const days = $('main section:not(.help)').toArray();
    expect(days.map((day) => [$(day).find('h2').text(), $(day).find('time').text()])).toEqual([
      ['11月28日(土)', '0:00'],
      ['11月27日(金)', '23:590:00'],
    ]);
  });

  it('tells faults and recoveries of the line, and leads to their settings', async () => {
    const fault = { kind: 'fault', number: NUMBER };
    const answer = await show(
      [
        outcome({ ...fault, kind: 'recovery' }),
        outcome({
          ...fault,
          reason: 'recovered-before-notice',
          recipients: [to('a@example.jp', 'superseded')],
        }),
        outcome({ ...fault, reason: 'no-recipient', recipients: [] }),
      ],
      `/numbers/${NUMBER}/history`,
    );
    expect(eventsOf(answer)).toEqual([
      ['14:05 回線の回復', 'メールサーバーが受け取りました。', 'a@example.jp'],
      [
        '14:05 回線の故障',
        '故障のお知らせが届く前に回復したため送信していません（故障があったことは、回復のお知らせでお伝えしています）。',
        '回復のお知らせにまとめたため、送信していません。',
        'a@example.jp',
      ],
      [
        '14:05 回線の故障',
        '送信する送信先メールアドレスがないため送信していません（送信：すべてオフ）。',
        '送信先メールアドレス設定 → /line/fault-notice/recipients',
      ],
    ]);
  });

  it('tells mails about access, with no more of an address than other pages show', async () => {
    const answer = await show([
      outcome({ kind: 'one-time-password', recipients: [to('taro@example.jp', 'bounced')] }),
      outcome({ kind: 'test', recipients: [to('taro@example.jp')] }),
    ]);
    expect(eventsOf(answer)).toEqual([
      [
        '14:05 ワンタイムパスワードのメール',
        'メールサーバーが受け取らなかったため、届いていません。',
        't***@example.jp',
      ],
      ['14:05 送信テスト', 'メールサーバーが受け取りました。', 'taro@example.jp'],
    ]);
  });

  it('tells what only a newer version knows without words of its own', async () => {
    const answer = await show([
      outcome({ kind: 'eclipse', reason: 'sunspots', recipients: [] }),
      outcome({ recipients: [to('a@example.jp', 'teleported')] }),
    ]);
    expect(eventsOf(answer)).toEqual([
      ['14:05 お知らせ', 'メールは送信していません。'],
      ['14:05 電話の着信', '送信の状態を確認できません。', 'a@example.jp'],
    ]);
    expect(answer.text).not.toMatch(/sunspots|teleported/);
  });

  it('leads only to pages that there are, for every reason and state of every kind', async () => {
    const routes = routeTable(site.routes);
    for (const kind of ['call', 'fax', 'fault', 'recovery']) {
      const items = [
        ...REASONS.filter((reason) => kind === 'call' || !OF_CALLS.includes(reason)).map((reason) =>
          outcome({ kind, reason, number: NUMBER, recipients: [] }),
        ),
        ...RECIPIENT_STATES.map((state) =>
          outcome({ kind, number: NUMBER, recipients: [to('a@example.jp', state)] }),
        ),
      ];
      const $ = $of(await show(items, `/numbers/${NUMBER}/history`));
      const links = $('.events a').toArray();
      expect(links.length).toBeGreaterThan(1);
      for (const link of links)
        expect([$(link).attr('href'), routes($(link).attr('href')!)?.template]).not.toContain(undefined);
    }
  });

  it('A13 leads to no service that is not contracted', async () => {
    site.scene.lines = [{ ...LINE, services: { [USER]: ['fax-notice'] } }];
    const answer = await show([outcome({ reason: 'answered', recipients: [] })]);
    expect(eventsOf(answer)[0]?.filter((line) => line.includes('→'))).toEqual([]);
  });

  it('is shown page by page, each outcome once', async () => {
    const items = Array.from({ length: 120 }, (_, index) =>
      outcome({ recipients: [to(`a${index}@example.jp`)] }),
    );
    const shown: string[] = [];
    let path: string | undefined = PATH;
    let pages = 0;
    while (path !== undefined) {
      const $: CheerioAPI = $of(await show(items, path));
      shown.push(
        ...$('.mails li')
          .toArray()
          .map((one) => $(one).text()),
      );
      path = $('a')
        .filter((_, one) => $(one).text() === '次へ')
        .attr('href');
      pages += 1;
    }
    expect(shown).toEqual(items.map(({ recipients }) => recipients[0]?.address));
    expect(pages).toBe(3);
    const last = $of(await show(items, `${PATH}?cursor=100`));
    expect(
      last('a')
        .filter((_, one) => last(one).text() === '最新の記録へ戻る')
        .attr('href'),
    ).toBe(PATH);
  });

  it('says when there is nothing', async () => {
    expect($of(await show([]))('main').text()).toContain('記録はありません。');
  });

  it('shows what other people wrote as text', async () => {
    const answer = await show([outcome({ recipients: [to('<b>x</b>@example.jp')] })]);
    expect(eventsOf(answer)[0]).toContain('<b>x</b>@example.jp');
  });

  it('answers 404 for a cursor that is none', async () => {
    site.history = historyOf([]);
    expect((await browser.get(`${PATH}?cursor=x`)).status).toBe(404);
  });

  it('answers 503 while its Redis is away', async () => {
    site.history = {
      ofNumber: () => Promise.reject(new RedisError('REDIS_UNAVAILABLE', 'reading outcomes: refused')),
    };
    const { status, headers } = await browser.get(PATH);
    expect([status, headers['retry-after']]).toEqual([503, '5']);
  });

  it('is as light as any page with 50 events of five recipients', async () => {
    const recipients = Array.from({ length: 5 }, (_, index) => to(`yamada.taro.${index}@mail.example.ne.jp`));
    const answer = await show(Array.from({ length: 51 }, () => outcome({ recipients })));
    checkPage(answer.text, { assetBytes: 25_000 });
  });
});
