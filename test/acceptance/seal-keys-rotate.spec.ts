import { seal, type RawRecord, type SealKey } from '#events';
import type { Notifier } from '../../apps/notifier/src/start-notifier.ts';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';
import { aSecret } from '../support/run-log.ts';
import { runOps } from '../support/run-ops.ts';
import { startUnready } from '../support/settings-api.ts';
import { aOneTimePassword, beginStory, type Story } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 120_000;
const OLD: SealKey = { id: '2025b', key: Buffer.alloc(32, 1) };
const NEW: SealKey = { id: '2026a', key: Buffer.alloc(32, 2) };
const NUMBER = '0312350007';
const variable = (...keys: readonly SealKey[]): string =>
  keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join();

let story: Story;
beforeAll(async () => {
  // The story's own notifier leaves access mails to the notifiers of each step.
  story = await beginStory({ NOTIFY_LANES: 'main' });
}, LIMIT);

const notifierWith = (...keys: readonly SealKey[]): Promise<Notifier> =>
  story.startNotifier({ NOTIFY_LANES: 'access', SEAL_KEYS: variable(...keys) });

/** Publishes a one-time password sealed with a key; resolves with the event's id. */
async function passwordSealedWith(key: SealKey, to: string, code: string): Promise<string> {
  const id = uniqueName('rotation');
  await story.happens(
    'access-mail.v1',
    NUMBER,
    { ...aOneTimePassword(NUMBER, to), sealed: seal({ code: aSecret(code) }, id, [key]) },
    id,
  );
  return id;
}

async function arrived(to: string, code: string): Promise<void> {
  const mail = await eventually(async () => (await mailsTo(to))[0]);
  const [text = ''] = /(?<=base64\r\n\r\n)[\w+/=\r\n]+?(?=\r\n--)/.exec(mail.raw.toString()) ?? [];
  expect(Buffer.from(text, 'base64').toString()).toContain(code);
}

const address = (): string => `${uniqueName('rotation')}@example.jp`;
const headersOf = ({ headers }: RawRecord): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n');

it(
  'O5 keys are rotated one process at a time, and every mail arrives: before, during and after the restarts',
  async () => {
    const before = await notifierWith(OLD);
    const [first, second, third] = [address(), address(), address()];
    await story.outcomeOf(await passwordSealedWith(OLD, first, '10000001'));
    await before.close();
    const waiting = await passwordSealedWith(OLD, second, '10000002');
    const both = await notifierWith(OLD, NEW);
    await story.outcomeOf(waiting);

    const sealed = await story.follow('access-mails');
    const api = await startUnready(story.connection.topicPrefix, {
      SEAL_KEYS: variable(NEW, OLD),
      REDIS_KEY_PREFIX: story.environment['REDIS_KEY_PREFIX'] ?? '',
      KAFKA_GROUP_ID: uniqueName('settings'),
    });
    await eventually(async () => (await fetch(`${api.url}/readyz`)).ok);
    const answer = await api
      .ask('post', '/v1/access-mails')
      .send({ ...aOneTimePassword(NUMBER, third), secret: { code: aSecret('10000003') } })
      .expect(202);
    await story.outcomeOf((answer.body as { eventId: string }).eventId);
    await both.close();

    await arrived(first, '10000001');
    await arrived(second, '10000002');
    await arrived(third, '10000003');
    await eventually(() => sealed.length >= 3);
    const keyIds = sealed.map(({ value }) => /"sealed":"v1\.(\w+)\./.exec(String(value))?.[1]);
    expect(keyIds).toEqual([OLD.id, OLD.id, NEW.id]);
  },
  LIMIT,
);

it(
  'O5 removing an old key too early leaks nothing and loses nothing: once it is back, a replay sends the mail',
  async () => {
    const to = address();
    const dead = await story.follow('notify-dlq');
    const tooEarly = await notifierWith(NEW);
    const id = await passwordSealedWith(OLD, to, '10000004');
    const letter = await eventually(() => dead.find(({ headers }) => String(headers['ce_id']) === id));
    expect(String(letter.headers['dlq-reason'])).toBe('seal-failed');
    expect(`${headersOf(letter)}\n${String(letter.value)}`).not.toContain('10000004');
    const metrics = await (await fetch(`${tooEarly.url}/metrics`)).text();
    expect(metrics).toMatch(/notify_dlq_total\{[^}]*reason="seal-failed"[^}]*\} 1/);
    await tooEarly.close();
    expect(await mailsTo(to)).toEqual([]);

    const repaired = await notifierWith(NEW, OLD);
    const replay = await runOps(story.environment, ['dlq', 'replay', '--all', '--reason', 'seal-failed']);
    expect(replay).toMatchObject({ code: 0, lines: [expect.stringContaining('replayed')] });
    expect(await story.outcomeOf(id)).toMatchObject({ recipients: [{ address: to, state: 'accepted' }] });
    await arrived(to, '10000004');
    await repaired.close();
  },
  LIMIT,
);
