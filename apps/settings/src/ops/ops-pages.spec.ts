import { load } from 'cheerio';
import request from 'supertest';
import { KafkaError } from '#kafka';
import type { Story } from '#operations';
import { ASSETS_DIR, loadAssets } from '#pages';
import { RedisError, type Outcome } from '#redis';
import { checkPage } from '../../../../test/support/page-checks.ts';
import { ServerAway } from '../outage.ts';
import { createRecentOutcomes } from '../outcomes/recent-outcomes.ts';
import type { Flow } from './flow/look-at-flow.ts';
import type { SearchedHistory } from './pages/outcomes/controller.ts';
import { openOpsInMemory, type OpsInMemory } from './testing/ops-in-memory.ts';

const assets = loadAssets(ASSETS_DIR);
const assetBytes = [...assets.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
const NUMBER = '0312345679';
const EVIL = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;
const AT = '2026-11-28T09:59:00+09:00';

const outcome = (more: Partial<Outcome> = {}): Outcome => ({
  eventSource: '/switch/1',
  eventId: 'e-1',
  sequence: 1,
  kind: 'call',
  number: NUMBER,
  lineNumber: '0312345678',
  at: AT,
  reason: 'notify',
  recipients: [
    {
      address: 'taro@docomo.ne.jp',
      state: 'bounced',
      attempts: 2,
      response: '550 5.1.1 <taro@docomo.ne.jp> unknown',
    },
  ],
  ...more,
});

let ops: OpsInMemory;
let cookie: string;
let history: SearchedHistory;
let story: Story;
let flow: Flow;
let asked: unknown[];
const recent = createRecentOutcomes(() => Date.parse('2026-11-28T10:00:00+09:00'));
const NOTHING: Story = { events: [], untold: [], letters: [], unanswered: [] };

beforeAll(async () => {
  ops = await openOpsInMemory({
    recent,
    history: {
      ofNumber: (query) => history.ofNumber(query),
      ofEvent: (id, source) => history.ofEvent(id, source),
    },
    tellStory: async (one) => {
      asked.push(one);
      return story;
    },
    flow: async () => flow,
  });
  const answer = await request(ops.app.getHttpServer())
    .post('/ops/login')
    .set('sec-fetch-site', 'same-origin')
    .type('form')
    .send({ token: 'abc:def' });
  cookie = answer.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
});
afterAll(() => ops.app.close());
beforeEach(() => {
  history = {
    ofNumber: async () => ({ items: [], nextCursor: null }),
    ofEvent: async () => [],
  };
  story = NOTHING;
  flow = { lookedAt: ops.now, groups: [] };
  asked = [];
});

const hrefs = ($: ReturnType<typeof load>, selector: string) =>
  $(selector)
    .toArray()
    .map((link) => $(link).attr('href'));

/** A page after the checks that hold for all. */
async function shown(path: string, status = 200) {
  const answer = await request(ops.app.getHttpServer()).get(path).set('cookie', cookie);
  expect(answer.status).toBe(status);
  checkPage(answer.text, { assetBytes });
  return load(answer.text);
}

describe('送信結果', () => {
  it('shows the newest outcomes that this process read, with reason, state, tries and what the server said', async () => {
    recent.add([outcome(), outcome({ eventId: 'e-2', reason: 'answered', recipients: [] })]);
    const $ = await shown('/ops/outcomes');
    const rows = $('.events > li')
      .toArray()
      .map((row) => $(row).text());
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain('応答');
    expect(rows[0]).toContain('answered');
    expect(rows[1]).toContain('bounced');
    expect(rows[1]).toContain('2回試行');
    expect($('samp').text()).toContain('550 5.1.1');
    expect($('.events a').first().attr('href')).toBe('/ops/event?id=e-2&source=%2Fswitch%2F1');
  });

  it('A15 O5 masks addresses, also where the mail server repeats them', async () => {
    history.ofEvent = async () => [outcome()];
    const text = (await shown('/ops/outcomes?q=e-1'))('main').text();
    expect(text).toContain('t***@docomo.ne.jp');
    expect(text).not.toContain('taro@');
  });

  it('finds an event, and a number as people write it, page by page', async () => {
    history.ofEvent = async (id) => (id === 'e-1' ? [outcome()] : []);
    const queries: unknown[] = [];
    history.ofNumber = async (query) => {
      queries.push(query);
      return { items: [outcome({ eventId: 'e-9' })], nextCursor: 'c=&1' };
    };
    expect((await shown('/ops/outcomes?q=e-1'))('.events code').last().text()).toBe('e-1');
    const $ = await shown(
      `/ops/outcomes?${new URLSearchParams({ q: ' 03-1234-5679 ', cursor: 'a' }).toString()}`,
    );
    expect(queries).toEqual([{ number: NUMBER, limit: 50, cursor: 'a' }]);
    expect($('.way a').first().attr('href')).toBe('/ops/outcomes?q=03-1234-5679&cursor=c%3D%261');
    expect($('#q').val()).toBe('03-1234-5679');
  });

  it('answers a cursor that is none, and a search that no id can have', async () => {
    history.ofNumber = async () => undefined;
    await shown(`/ops/outcomes?q=${NUMBER}&cursor=x`, 404);
    const $ = await shown(`/ops/outcomes?q=${'x'.repeat(5_000)}`, 422);
    expect($('[role=alert]').text()).toContain('1024文字以内');
  });

  it('shows nothing that strangers wrote as markup', async () => {
    const recipients = [{ address: `${EVIL}@x.jp`, state: EVIL, attempts: 1, response: EVIL }];
    history.ofEvent = async () => [
      outcome({
        eventId: EVIL,
        eventSource: EVIL,
        kind: EVIL,
        number: EVIL,
        reason: EVIL,
        at: EVIL,
        recipients,
      }),
    ];
    const $ = await shown(`/ops/outcomes?q=${encodeURIComponent(EVIL)}`);
    expect($('main script, main img').length).toBe(0);
    expect($('#q').val()).toBe(EVIL);
    expect($('.events code').last().text()).toBe(EVIL);
  });
});

describe('イベントの経過', () => {
  const record = {
    topic: 'notify-dlq',
    partition: 0,
    offset: '1',
    key: null,
    value: null,
    headers: {},
    timestamp: Date.parse(AT),
  };

  it('tells what came in, what was decided, each recipient, what waits, and the dead letters', async () => {
    const event = { source: '/switch/1', id: 'e-1', number: NUMBER, lineNumber: '0312345678', kind: 'call' };
    const row = { address: 'taro@docomo.ne.jp', attempts: 2, response: '451 4.7.1 later', settled: true };
    story = {
      events: [
        {
          outcome: outcome(),
          table: {
            event: { ...event, at: Date.parse(AT), reason: 'notify' },
            sequence: 1,
            rows: [
              {
                ...row,
                state: 'deferred',
                notBefore: Date.parse(AT) + 60_000,
                retryTopic: 'notify-retry-1m',
              },
            ],
          },
          waiting: [{ record: { ...record, topic: 'call-events' }, event, numbers: [], before: 3 }],
        },
      ],
      untold: [
        { record: { ...record, topic: 'fax-events' }, event, kind: 'fax', numbers: [NUMBER], before: 0 },
      ],
      letters: [
        {
          id: 'd-1',
          reason: 'in-doubt',
          error: 'cut off with taro@docomo.ne.jp',
          attempts: '2',
          at: Date.parse(AT),
          origin: { topic: 'call-events', partition: '0', offset: '7' },
          event: { id: 'e-1', source: '/switch/1' },
          record,
          handled: { how: 'replayed', at: Date.parse(AT) },
        },
      ],
      unanswered: [{ server: 'History', message: 'refused', isAway: true }],
    } as unknown as Story;
    const $ = await shown('/ops/event?id=e-1&source=%2Fswitch%2F1');
    expect(asked).toEqual([{ id: 'e-1', source: '/switch/1' }]);
    const steps = $('.story h3')
      .toArray()
      .map((step) => $(step).text());
    expect(steps).toEqual(['受付', '判定', '宛先 t***@docomo.ne.jp', 'Kafkaで未完了', '結果の記録']);
    const text = $('main').text();
    for (const told of [
      '451 4.7.1 later',
      'notify-retry-1m',
      '前に3件',
      'FAXの受信',
      'in-doubt',
      '送信できたか不明',
      '再投入済み',
    ])
      expect(text).toContain(told);
    expect($('.events .way a').attr('href')).toBe('/ops/dead-letters/d-1');
    expect(hrefs($, '.story .ways a')).toEqual([
      `/ops/outcomes?q=${NUMBER}`,
      `/ops/numbers/${NUMBER}/access`,
    ]);
    expect($('.warning').text()).toContain('履歴のRedis');
    expect(text).not.toContain('taro@');
  });

  it('leads to no login of a number that nobody has', async () => {
    story = { ...NOTHING, events: [{ outcome: outcome({ reason: 'unknown-number' }), waiting: [] }] };
    expect(hrefs(await shown('/ops/event?id=e-1'), '.story .ways a')).toEqual([]);
  });

  it('says when nothing is known, and what could not be asked', async () => {
    expect((await shown('/ops/event?id=none', 404))('main').text()).toContain('分かることはありません');
    story = { ...NOTHING, unanswered: [{ server: 'Kafka', message: 'no broker', isAway: true }] };
    expect((await shown('/ops/event?id=none'))('.warning').text()).toContain('Kafkaを確認できない');
  });

  it('asks for nothing that no event can have', async () => {
    const answer = await request(ops.app.getHttpServer()).get('/ops/event?id=').set('cookie', cookie);
    expect([answer.status, answer.headers.location]).toEqual([303, '/ops/outcomes']);
    await shown(`/ops/event?id=${'x'.repeat(5_000)}`, 404);
    expect(asked).toEqual([]);
  });

  it('shows nothing that strangers wrote as markup', async () => {
    story = {
      ...NOTHING,
      events: [{ outcome: outcome({ eventId: EVIL, reason: EVIL, number: EVIL }), waiting: [] }],
      letters: [
        {
          id: EVIL,
          reason: EVIL,
          error: EVIL,
          attempts: EVIL,
          at: 0,
          event: { id: EVIL, source: EVIL },
          record,
        },
      ],
      unanswered: [{ server: 'Kafka', message: EVIL, isAway: true }],
    } as unknown as Story;
    const $ = await shown(`/ops/event?id=${encodeURIComponent(EVIL)}`);
    expect($('main script, main img').length).toBe(0);
  });
});

describe('稼働状況', () => {
  it('says how each part is by a word, since when, and which of them need somebody', async () => {
    const way = { href: '/ops/dead-letters', text: 'デッドレターを見る' };
    flow = {
      lookedAt: ops.now,
      groups: [
        {
          heading: 'サーバー',
          parts: [
            { name: 'Redis', technical: 'redis', level: 'good', says: '使えます。', since: ops.now - 60_000 },
            { name: 'Kafka', technical: 'kafka', level: 'bad', says: `使えません: ${EVIL}`, way },
          ],
        },
      ],
    };
    const $ = await shown('/ops');
    expect(hrefs($, '.flow a')).toEqual(['/ops/dead-letters']);
    // What needs somebody stands first.
    expect($('.flow > li').first().text()).toContain('■ 異常 Kafka');
    expect($('.flow > li').last().text()).toContain('● 正常 Redis');
    expect($('.flow time').attr('datetime')).toBe('2026-11-28T00:59:00.000Z');
    expect($('main > p').first().text()).toContain('確認が必要なものが1件あります。');
    expect($('main script').length).toBe(0);
  });
});

describe('通信会社別', () => {
  it('shows what became of mails by their domain, the worst first', async () => {
    recent.add([
      outcome({ recipients: [{ address: 'a@gmail.com', state: 'accepted', attempts: 1, response: '' }] }),
    ]);
    const $ = await shown('/ops/carriers');
    const headings = $('main h2')
      .toArray()
      .map((heading) => $(heading).text());
    expect(headings).toEqual(['docomo.ne.jp ■ 異常', 'gmail.com ● 正常']);
    expect($('samp').text()).toBe('550 5.1.1 <t***@docomo.ne.jp> unknown');
  });
});

describe('the page of a server that is away', () => {
  const broker = '192.0.2.9:9092';
  const untold = Object.assign(new Error(`waiting for ${broker}`), {
    code: 'actions-untold',
    retryable: true,
  });
  const timedOut = new ServerAway('Kafka', { seconds: 5 });
  const unavailable = new RedisError('REDIS_UNAVAILABLE', `connect ECONNREFUSED ${broker}`);

  it.each([
    ['Redis', unavailable, ['Redisが応答していません', 'npm run ops -- why', 'REDIS_URL']],
    ['Redis', new RedisError('REDIS_REFUSES_WRITES', broker), ['自然には復旧しません', 'redis-cli INFO']],
    [
      'History',
      new ServerAway('History', { cause: unavailable }),
      ['履歴用Redisが応答していません', '影響はありません', 'HISTORY_REDIS_URL'],
    ],
    [
      'Kafka',
      new KafkaError('kafka', `Kafka: connect ECONNREFUSED ${broker}`, { retryable: true }),
      ['Kafkaが応答していません', '送信結果', 'KAFKA_BROKERS'],
    ],
    ['Kafka', timedOut, ['Kafkaが応答していません', '5秒以内に応答がありません。']],
    ['Kafka', untold, ['Kafkaが応答していません']],
    [undefined, Object.assign(new Error('busy'), { retryable: true }), ['ただいま処理できません']],
  ])('names %s, what works without it and what to do, and so does the log', async (server, error, told) => {
    history.ofEvent = () => Promise.reject(error);
    ops.log.length = 0;
    const text = (await shown('/ops/outcomes?q=e-1', 503))('main').text();
    for (const one of told) expect(text).toContain(one);
    expect(text).not.toContain(broker);
    const line = ops.log.find((one) => one.includes('a request could not be served')) ?? '{}';
    expect((JSON.parse(line) as { server?: string }).server).toBe(server);
  });
});
