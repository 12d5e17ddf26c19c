import { load } from 'cheerio';
import request from 'supertest';
import type { RawRecord } from '#events';
import type { OutgoingRecord } from '#kafka';
import { deadLettersOf, type DeadLetter } from '#operations';
import { ASSETS_DIR, loadAssets } from '#pages';
import { checkPage } from '../../../../../../test/support/page-checks.ts';
import { ServerAway } from '../../../outage.ts';
import { openOpsInMemory, type OpsInMemory } from '../../testing/ops-in-memory.ts';

const NOW = Date.parse('2026-11-28T10:00:00+09:00');
const OURS = { 'sec-fetch-site': 'same-origin' };
const assets = loadAssets(ASSETS_DIR);
const assetBytes = [...assets.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
const CALL = {
  lineNumber: '0312345678',
  calledNumber: '0312345679',
  caller: { number: '09012345678' },
  startedAt: '2026-11-28T09:00:00+09:00',
  ringSeconds: 12,
  outcome: 'unanswered',
};

/** What stands in notify-dlq, and what is published elsewhere. */
let dlq: RawRecord[];
let published: OutgoingRecord[];
/** What the next reads do, where they do not find `dlq`. */
let reads: (() => Promise<DeadLetter[]>)[];
let ops: OpsInMemory;
let cookie: string;

function letter(id: string, headers: RawRecord['headers'] = {}, value: unknown = CALL): RawRecord {
  return {
    topic: 'notify-dlq',
    partition: 0,
    offset: String(dlq.length),
    key: Buffer.from('0312345678'),
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    timestamp: NOW,
    headers: {
      ce_specversion: '1.0',
      ce_id: 'e-1',
      ce_source: '/switch',
      ce_type: 'call.v1',
      ce_time: '2026-11-28T09:00:00+09:00',
      'content-type': 'application/json',
      'dlq-id': id,
      'dlq-reason': 'in-doubt',
      'dlq-error': 'no answer from taro@example.jp',
      'dlq-attempts': '2',
      'dlq-at': '2026-11-28T00:59:00.000Z',
      'orig-topic': 'call-events',
      'orig-partition': '7',
      'orig-offset': '12',
      ...headers,
    },
  };
}

async function publish(records: readonly OutgoingRecord[]): Promise<void> {
  for (const record of records) {
    if (record.topic === 'notify-dlq')
      dlq.push({ ...letter(''), ...record, offset: String(dlq.length) } as unknown as RawRecord);
    else published.push(record);
  }
}

beforeEach(async () => {
  dlq = [];
  reads = [];
  published = [];
  const read = async () => deadLettersOf(dlq);
  ops = await openOpsInMemory({
    letters: {
      copies: { now: () => reads.shift()?.() ?? read(), lately: read },
      publisher: { publish },
      topicPrefix: '',
      now: () => NOW,
    },
  });
  const answer = await http().post('/ops/login').type('form').set(OURS).send({ token: 'abc:def' });
  cookie = (answer.headers['set-cookie'] as unknown as string[])[0]?.split(';', 1)[0] ?? '';
});
afterEach(() => ops.app.close());

const http = () => request(ops.app.getHttpServer());
const get = (path: string) => http().get(path).set('cookie', cookie);
const post = (path: string, headers: Record<string, string> = OURS) =>
  http()
    .post(path)
    .type('form')
    .set({ cookie, ...headers })
    .send({});
/** The page that an answer leads to, as the browser that got it sees it. */
const see = ({ headers }: request.Response, path = headers.location ?? '') =>
  http()
    .get(path)
    .set('cookie', `${cookie}; ${(headers['set-cookie'] as unknown as string[])[0]?.split(';', 1)[0]}`);
const told = async (answer: request.Response): Promise<string> =>
  load((await see(answer)).text)('[role=status]').text();
const topics = (): string[] => published.map(({ topic }) => topic);

describe('the list of dead letters', () => {
  it('shows what waits, newest first, and of a reason alone', async () => {
    dlq.push(letter('aaa', { 'dlq-at': '2026-11-28T00:00:00Z' }));
    dlq.push(letter('bbb', { 'dlq-reason': 'malformed' }), letter('ccc'));
    await post('/ops/dead-letters/ccc/close').expect(303);
    const links = async (query = '') => {
      const page = load((await get(`/ops/dead-letters${query}`)).text);
      return page('.events a')
        .toArray()
        .map((one) => page(one).attr('href'));
    };
    expect(await links()).toEqual(['/ops/dead-letters/bbb', '/ops/dead-letters/aaa']);
    expect(await links('?reason=in-doubt')).toEqual(['/ops/dead-letters/aaa']);
    expect(await links('?reason=in-doubt&all=yes')).toHaveLength(2);
    expect(await links('?reason=%3Cscript%3E')).toEqual([]);
  });

  it('says how many wait, of which, and that there is none', async () => {
    const none = load((await get('/ops/dead-letters')).text)('main').text();
    for (const told of ['0件', '新しいほうから500件まで']) expect(none).toContain(told);
    dlq.push(letter('aaa'));
    expect(load((await get('/ops/dead-letters?reason=malformed')).text)('main strong').text()).toBe('1件');
  });
});

describe('the page of a dead letter', () => {
  it('shows its headers, its error and its value, personal data masked', async () => {
    dlq.push(letter('aaa', { 'retry-address': 'hanako@example.jp' }));
    const { text } = await get('/ops/dead-letters/aaa').expect(200);
    for (const shown of ['e-1', 'call-events / 7 / 12', 't***@example.jp', '*******5678', 'h***@example.jp'])
      expect(text).toContain(shown);
    for (const hidden of ['taro@', 'hanako@', '09012345678', '0312345679'])
      expect(text).not.toContain(hidden);
  });

  it('O5 shows no secret that was not sealed', async () => {
    const mail = { 'orig-topic': 'access-mails' };
    dlq.push(
      letter('aaa', mail, { secret: { code: '48213377' } }),
      letter('bbb', mail, '{"code":"48213377"'),
      letter('ccc', mail, { data_base64: '48213377' }),
    );
    for (const id of ['aaa', 'bbb', 'ccc'])
      expect((await get(`/ops/dead-letters/${id}`)).text).not.toContain('48213377');
  });

  it('shows bytes that are no text, and markup as text', async () => {
    dlq.push(letter('aaa', {}, '<script>alert(1)</script>'));
    dlq.push({ ...letter('bbb'), value: Buffer.from([0xff, 0x00]) });
    expect((await get('/ops/dead-letters/aaa')).text).toContain('&lt;script>alert(1)');
    expect((await get('/ops/dead-letters/bbb')).text).toContain('0xff00');
  });

  it('is found by a name with a slash, and not found by another', async () => {
    dlq.push(letter('', { 'dlq-id': undefined }));
    expect((await get('/ops/dead-letters/0%2F0')).status).toBe(200);
    expect((await get('/ops/dead-letters/nobody')).status).toBe(404);
    expect((await post('/ops/dead-letters/nobody/replay')).status).toBe(404);
    expect((await post('/ops/dead-letters/0%2F0/burn')).status).toBe(404);
  });

  it('offers no replay of what cannot be replayed', async () => {
    dlq.push(letter('aaa', { 'dlq-cut': '3000000' }), letter('bbb', { 'orig-topic': 'others' }));
    for (const id of ['aaa', 'bbb']) {
      expect((await get(`/ops/dead-letters/${id}`)).text).not.toContain(`/${id}/replay`);
      const answer = await post(`/ops/dead-letters/${id}/replay`);
      expect(await told(answer)).toBe('再投入できないため、何もしていません。');
    }
    expect(topics()).toEqual(['operator-actions', 'operator-actions']);
  });
});

describe('what is done about a dead letter', () => {
  it('is asked once more, and done by POST alone', async () => {
    dlq.push(letter('aaa'));
    for (const what of ['replay', 'close']) {
      const page = load((await get(`/ops/dead-letters/aaa/${what}`)).text);
      expect(page('form').last().attr('action')).toBeDefined();
      expect(page(`form[method=post][action="/ops/dead-letters/aaa/${what}"]`)).toHaveLength(1);
    }
    expect([published, dlq]).toEqual([[], [expect.anything()]]);
  });

  it('O6 publishes a replay with who did it, and marks it', async () => {
    dlq.push(letter('aaa'));
    const answer = await post('/ops/dead-letters/aaa/replay');
    expect([answer.status, answer.headers.location]).toEqual([303, '/ops/dead-letters/aaa']);
    expect(topics().toSorted()).toEqual(['call-events', 'operator-actions']);
    const action = published.find(({ topic }) => topic === 'operator-actions');
    expect(JSON.parse(String(action?.value))).toEqual({
      action: 'replay-dead-letter',
      by: 'helpdesk',
      door: 'page',
      address: expect.stringContaining('127.0.0.1') as string,
      subject: 'aaa',
      result: 'done',
      at: '2026-11-28T10:00:00+09:00',
    });
    const page = load((await see(answer)).text);
    expect(page('[role=status]').text()).toContain('再投入しました');
    expect(page('main').text()).toContain('再投入済み');
    expect(page('main a[href$="/replay"]')).toHaveLength(0);
  });

  it('O6 closes with a mark and a record, and publishes no event', async () => {
    dlq.push(letter('aaa'));
    const answer = await post('/ops/dead-letters/aaa/close').expect(303);
    expect(await told(answer)).toBe('対応不要にしました。');
    expect(topics()).toEqual(['operator-actions']);
    expect(deadLettersOf(dlq)).toMatchObject([{ handled: { how: 'closed' } }]);
  });

  it('is not done again when the form is sent twice', async () => {
    dlq.push(letter('aaa'));
    await post('/ops/dead-letters/aaa/replay').expect(303);
    const again = await post('/ops/dead-letters/aaa/replay');
    const already = 'すでに対応済みのため、何もしていません。';
    expect(await told(again)).toBe(already);
    expect(await told(await get('/ops/dead-letters/aaa/close'))).toBe(already);
    expect(topics().filter((topic) => topic === 'call-events')).toHaveLength(1);
  });

  it('is said to be done, also when Kafka is away right after it, and not done when it is away before', async () => {
    dlq.push(letter('aaa'));
    const away = () => Promise.reject(new ServerAway('Kafka', { seconds: 5 }));
    reads = [away];
    await post('/ops/dead-letters/aaa/close').expect(503);
    expect(dlq).toHaveLength(1);
    reads = [async () => deadLettersOf(dlq), away];
    expect(await told(await post('/ops/dead-letters/aaa/close'))).toBe('対応不要にしました。');
  });

  it('is not said to be done where it was not, and not twice', async () => {
    dlq.push(letter('aaa'), letter('bbb'));
    for (const done of ['replay', 'close', 'already', 'not-replayable', '%22%3E%3Cscript%3E'])
      expect(load((await get(`/ops/dead-letters/aaa?done=${done}`)).text)('[role=status]')).toHaveLength(0);
    const answer = await post('/ops/dead-letters/aaa/close');
    expect(load((await see(answer, '/ops/dead-letters/bbb')).text)('[role=status]')).toHaveLength(0);
    expect((await see(answer)).headers['set-cookie']).toEqual([expect.stringMatching(/done=; Max-Age=0/)]);
  });

  it('is not done for a form of another site, or without a login', async () => {
    dlq.push(letter('aaa'));
    await post('/ops/dead-letters/aaa/replay', { 'sec-fetch-site': 'cross-site' }).expect(403);
    cookie = '';
    await post('/ops/dead-letters/aaa/replay').expect(303);
    expect(published).toEqual([]);
  });
});

it('every page of dead letters is well made', async () => {
  dlq.push(letter('aaa'), letter('bbb', {}, '<'), letter('ccc', { 'dlq-cut': '1' }));
  for (const path of ['', '?reason=malformed', '/aaa', '/bbb', '/ccc', '/aaa/replay', '/aaa/close'])
    checkPage((await get(`/ops/dead-letters${path}`)).text, { assetBytes });
});
