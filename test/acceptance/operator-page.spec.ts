import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { decodeOperatorAction, encodeEvent, type RawRecord } from '#events';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';
import { runOps } from '../support/run-ops.ts';
import { startUnready, type TestSettingsApi } from '../support/settings-api.ts';
import { aCall, beginStory, subscribe, type Story } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 120_000;
const NUMBER = '0312351001';
const OURS = { 'sec-fetch-site': 'same-origin' };
let story: Story;
let api: TestSettingsApi;
let kept: readonly RawRecord[];
let cookie: string;

beforeAll(async () => {
  story = await beginStory();
  api = await startUnready(story.connection.topicPrefix, {});
  await eventually(async () => (await api.ask('get', '/readyz')).status === 200, LIMIT);
  kept = await story.follow('operator-actions');
  const answer = await form('/ops/login', { token: 'for-tests' });
  cookie = (answer.headers['set-cookie'] as unknown as string[])[0]?.split(';', 1)[0] ?? '';
}, LIMIT);

const form = (where: string, fields: Record<string, string> = {}) =>
  request(api.url)
    .post(where)
    .type('form')
    .set({ ...OURS, cookie: cookie ?? '' })
    .send(fields);
const page = (where: string) => request(api.url).get(where).set('cookie', cookie);

/** Puts an event into the dead letters, as a notifier with a bug that is mended by now did. */
async function deadLetter(eventId: string): Promise<string> {
  const id = uniqueName('letter');
  const event = encodeEvent({
    type: 'call.v1',
    source: '/switch',
    id: eventId,
    time: Date.now(),
    key: NUMBER,
    data: aCall(NUMBER),
  });
  const headers = {
    ...event.headers,
    'dlq-id': id,
    'dlq-reason': 'internal-error',
    'dlq-error': 'a bug',
    'dlq-attempts': '0',
    'dlq-at': new Date().toISOString(),
    'orig-topic': `${story.connection.topicPrefix}call-events`,
    'orig-partition': '0',
    'orig-offset': '0',
  };
  await story.publisher.publish([{ ...event, topic: 'notify-dlq', headers }]);
  return id;
}

/** Resolves with what was recorded about a subject, when there are so many. */
const recorded = (subject: string, count = 1) =>
  eventually(() => {
    const actions = kept.flatMap((record) => {
      const read = decodeOperatorAction(record);
      return read.ok && read.value.subject === subject ? [read.value] : [];
    });
    return actions.length >= count ? actions : undefined;
  }, LIMIT);

describe("O6 on the operator's page", () => {
  it(
    'a replay ends as one mail, also when the form is sent twice at the same time',
    async () => {
      const address = `${uniqueName('replayed')}@example.jp`;
      await subscribe(story, NUMBER, { to: [address] });
      const eventId = uniqueName('event');
      const id = await deadLetter(eventId);
      expect((await page('/ops/dead-letters')).text).toContain(`/ops/dead-letters/${id}`);
      expect((await page(`/ops/dead-letters/${id}/replay`)).status).toBe(200);
      const answers = await Promise.all([1, 2].map(() => form(`/ops/dead-letters/${id}/replay`)));
      expect(answers.map(({ status }) => status)).toEqual([303, 303]);
      expect((await story.outcomeOf(eventId)).recipients).toMatchObject([{ address, state: 'accepted' }]);
      expect((await page(`/ops/dead-letters/${id}`)).text).toContain('再投入済み');
      const again = await form(`/ops/dead-letters/${id}/replay`);
      expect(String(again.headers['set-cookie'])).toContain('done=already');
      // A later event's mail comes after whatever the second replay might have sent.
      const last = await story.happens('call.v1', NUMBER, aCall(NUMBER));
      await story.outcomeOf(last);
      expect(await mailsTo(address)).toHaveLength(2);
      expect((await recorded(id))[0]).toMatchObject({
        action: 'replay-dead-letter',
        by: 'tests',
        door: 'page',
        result: 'done',
      });
    },
    LIMIT,
  );

  it(
    'shows what the page and the commands did',
    async () => {
      const id = await deadLetter(uniqueName('event'));
      expect((await runOps(story.environment, ['dlq', 'close', id])).code).toBe(0);
      const [closed] = await recorded(id);
      expect(closed).toMatchObject({ action: 'close-dead-letter', door: 'cli', result: 'done' });
      const folder = await mkdtemp(path.join(tmpdir(), 'ops-'));
      closeLater(() => rm(folder, { recursive: true }));
      const file = path.join(folder, 'kept.jsonl');
      await writeFile(
        file,
        JSON.stringify({ number: NUMBER, screening: { nuisanceCallers: [], numberRequest: true } }),
      );
      expect((await runOps(story.environment, ['import', file])).code).toBe(0);
      expect((await recorded('kept.jsonl'))[0]).toMatchObject({
        action: 'import',
        by: closed?.by,
        result: 'done',
      });
      const shown = await eventually(async () => {
        const { text } = await page('/ops/actions');
        return text.includes('kept.jsonl') ? text : undefined;
      }, LIMIT);
      for (const told of [id, '運用ページへのログイン', 'npm run ops']) expect(shown).toContain(told);
      expect(shown).not.toContain('for-tests');
    },
    LIMIT,
  );
});
