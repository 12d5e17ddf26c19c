import type { EventData, RawRecord } from '#events';
import { connectRedis } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testAdmin } from '../support/kafka.ts';
import { runOps, type OpsResult } from '../support/run-ops.ts';
import { redisUrl } from '../support/servers.ts';
import { startSmtpFaultServer, type SmtpFaultServer } from '../support/smtp-fault-server.ts';
import { aCall, beginStory, subscribe, type Story } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 120_000;
let story: Story;
let mailServer: SmtpFaultServer;
let kept: readonly RawRecord[];

const ops = (...args: string[]): Promise<OpsResult> => runOps(story.environment, args);
const mailsTo = (address: string): number =>
  mailServer.taken.filter(({ recipient }) => recipient === address).length;

beforeAll(async () => {
  mailServer = await startSmtpFaultServer();
  closeLater(() => mailServer.stop());
  story = await beginStory({ SMTP_URL: `smtp://127.0.0.1:${mailServer.port}` });
  kept = await story.follow('notify-dlq');
}, LIMIT);

function isKept(eventId: string, count = 1): Promise<true> {
  return eventually(
    () => kept.filter(({ headers }) => String(headers['ce_id']) === eventId).length >= count,
    LIMIT,
  );
}

/** The lines of `dlq list` about an event, as soon as it has `count` dead letters. */
async function listed(eventId: string, count = 1, ...filter: string[]): Promise<string[]> {
  await isKept(eventId, count);
  const { lines } = await ops('dlq', 'list', ...filter);
  return lines.filter((line) => line.includes(`  ${eventId}  `));
}

const idOf = (line: string | undefined): string => line?.split('  ')[0] ?? '';

/** Resolves when every record that a topic holds now is committed. */
async function everythingSettled(topic: string, lane: string): Promise<void> {
  const admin = await testAdmin();
  const name = story.connection.topicPrefix + topic;
  const ends = await admin.fetchTopicOffsets(name);
  await eventually(async () => {
    const groupId = `${story.environment['KAFKA_GROUP_ID']}-${lane}`;
    const [committed] = await admin.fetchOffsets({ groupId, topics: [name] });
    return ends.every(({ partition, high }) => {
      const offset = committed?.partitions.find((one) => one.partition === partition)?.offset ?? '-1';
      return high === '0' || BigInt(offset) >= BigInt(high);
    });
  });
}

describe('Dead letters', () => {
  it(
    'shows a malformed record with its problems; a replay ends in the dead letters again, once',
    async () => {
      const number = '0312350001';
      const id = uniqueName('malformed');
      const broken = { ...aCall(number), outcome: 'vanished' } as unknown as EventData<'call.v1'>;
      await story.happens('call.v1', number, broken, id);
      const [line] = await listed(id);
      expect(line).toMatch(/^[0-9a-f]{16} {2}\S+\+09:00 {2}malformed {2}\S+call-events\/\d+\/\d+ {2}/);
      const shown = await ops('dlq', 'show', idOf(line));
      expect(shown.code).toBe(0);
      const text = shown.lines.join('\n');
      expect(text).toContain(`  ce_id: ${id}`);
      expect(text).toContain('    "outcome": "vanished"');
      expect(text).toMatch(/data\.outcome: .*expected/);
      expect(text).toContain('a replay would end here again');
      const replayed = await ops('dlq', 'replay', idOf(line));
      expect(replayed).toMatchObject({
        code: 0,
        lines: [expect.stringContaining(`${idOf(line)}: replayed`)],
      });
      await everythingSettled('call-events', 'main');
      const waiting = (await listed(id, 2)).map(idOf);
      expect(waiting).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
      expect(waiting).not.toEqual([idOf(line)]);
      const all = await listed(id, 2, '--all');
      expect(all.map(idOf)).toEqual([idOf(line), ...waiting]);
      expect(all[0]).toMatch(/ {2}\[replayed \S+\+09:00\]$/);
      expect((await ops('dlq', 'show', idOf(line))).lines).toContainEqual(
        expect.stringMatching(/^state +replayed/),
      );
    },
    LIMIT,
  );

  it(
    'replays all that are waiting, but none twice; a closed one is no longer waiting',
    async () => {
      const number = '0312350004';
      const ids = [1, 2, 3].map(() => uniqueName('again'));
      const broken = { ...aCall(number), outcome: 'vanished' } as unknown as EventData<'call.v1'>;
      for (const id of ids) await story.happens('call.v1', number, broken, id);
      for (const id of ids) await isKept(id);
      const since = new Date(Date.now() - 60_000).toISOString();
      const replayAll = () => ops('dlq', 'replay', '--all', '--reason', 'malformed', '--since', since);
      const eventsIn = ({ lines }: OpsResult): string[] =>
        lines.flatMap((line) => ids.filter((id) => line.endsWith(`event ${id})`))).toSorted();
      for (const count of [2, 3]) {
        expect(eventsIn(await replayAll())).toEqual(ids.toSorted());
        for (const id of ids) await isKept(id, count);
      }
      const waiting = (await Promise.all(ids.map((id) => listed(id, 3)))).flat().map(idOf);
      expect(waiting).toHaveLength(3);
      const closed = await ops('dlq', 'close', ...waiting);
      expect(closed).toMatchObject({
        code: 0,
        lines: expect.arrayContaining([`${waiting[0]}: closed (malformed, event ${ids[0]})`]),
      });
      expect(eventsIn(await replayAll())).toEqual([]);
      expect((await listed(ids[0]!, 3, '--all')).map((line) => /\[(\w+)/.exec(line)?.[1])).toEqual([
        'replayed',
        'replayed',
        'closed',
      ]);
    },
    LIMIT,
  );

  it(
    'sends a mail that was in doubt once, however often it is replayed',
    async () => {
      const address = `${uniqueName('doubt')}@example.jp`;
      mailServer.setRules({ at: 'dot', do: { close: true }, recipient: address, times: 2 });
      const id = await story.happens('access-mail.v1', '0312350002', {
        kind: 'password-changed',
        number: '0312350002',
        brand: 'ntt-east',
        recipient: address,
        issuedAt: new Date().toISOString(),
      });
      expect((await story.outcomeOf(id)).recipients).toMatchObject([{ address, state: 'in-doubt' }]);
      const [line] = await listed(id, 1, '--reason', 'in-doubt');
      expect(mailsTo(address)).toBe(0);
      const why = (await ops('why', id)).lines.join('\n');
      expect(why).toMatch(new RegExp(`${address}  in-doubt at \\S+, 0 attempts`, 'u'));
      expect(why).toContain(`in the dead letters:\n  ${idOf(line)}`);

      expect((await ops('dlq', 'replay', idOf(line))).code).toBe(0);
      expect((await story.outcomeOf(id, 2)).recipients).toMatchObject([{ address, state: 'accepted' }]);
      expect((await ops('dlq', 'replay', idOf(line))).code).toBe(0);
      await everythingSettled('access-mails', 'access');
      expect(mailsTo(address)).toBe(1);
      expect((await ops('why', id)).lines.join('\n')).toMatch(
        new RegExp(`${address}  accepted at \\S+, 1 attempt: 250`, 'u'),
      );
      expect(await listed(id)).toEqual([]);
      expect(await listed(id, 1, '--all')).toHaveLength(1);
    },
    LIMIT,
  );

  it(
    'replays by reason and time what a repair has made deliverable, and nothing else',
    async () => {
      const number = '0312350003';
      const address = `${uniqueName('repaired')}@example.jp`;
      await subscribe(story, number, { to: [address] });
      const restore = await breakSettings(number);
      const ids = [1, 2].map(() => uniqueName('unreadable'));
      for (const id of ids) {
        await story.happens('call.v1', number, aCall(number), id);
        await isKept(id);
      }
      await restore();
      const { lines } = await ops('dlq', 'list', '--reason', 'internal-error');
      expect(lines.map((line) => line.split('  ')[4])).toEqual(ids);
      const secondAt = lines[1]?.split('  ')[1] ?? '';
      const before = new Date(Date.parse(secondAt) - 1).toISOString();
      const first = await ops('dlq', 'replay', '--all', '--reason', 'internal-error', '--until', before);
      expect(first.lines.map((line) => line.split(':')[0])).toEqual([idOf(lines[0])]);
      await story.outcomeOf(ids[0]!);
      expect(mailsTo(address)).toBe(1);
      const second = await ops('dlq', 'replay', '--all', '--reason', 'internal-error', '--since', secondAt);
      expect(second.lines.map((line) => line.split(':')[0])).toEqual([idOf(lines[1])]);
      await story.outcomeOf(ids[1]!);
      expect(mailsTo(address)).toBe(2);
      await ops('dlq', 'replay', '--all', '--reason', 'internal-error');
      await everythingSettled('call-events', 'main');
      expect(mailsTo(address)).toBe(2);
    },
    LIMIT,
  );

  it(
    'explains what is wrong with its arguments',
    async () => {
      const none = '0000000000000000';
      const { KAFKA_BROKERS: _, ...noKafka } = story.environment as Record<string, string>;
      const [replay, show, why, ids, since, environment] = await Promise.all([
        ops('dlq', 'replay', none),
        ops('dlq', 'show', none),
        ops('why', 'no-such-event'),
        ops('dlq', 'replay'),
        ops('dlq', 'list', '--since', 'yesterday'),
        runOps(noKafka, ['dlq', 'list']),
      ]);
      expect(replay).toMatchObject({ code: 1, stderr: expect.stringContaining('no such dead letter') });
      expect(show).toMatchObject({ code: 1, lines: [], stderr: expect.stringContaining(none) });
      expect(why).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing is known') });
      expect(ids).toMatchObject({ code: 2, stderr: expect.stringContaining('expected ids, or --all') });
      expect(since).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected a time') });
      expect(environment).toMatchObject({ code: 78, stderr: expect.stringContaining('KAFKA_BROKERS') });
    },
    LIMIT,
  );
});

/** Makes a number's stored settings unreadable; resolves with a function that restores them. */
async function breakSettings(number: string): Promise<() => Promise<void>> {
  const keyPrefix = story.environment['REDIS_KEY_PREFIX'] ?? '';
  const redis = connectRedis({ urls: [redisUrl()], keyPrefix });
  closeLater(() => redis.close());
  await redis.ready(10_000);
  const key = `${keyPrefix}number:{${number}}`;
  const before = await redis.client.getset(key, '{');
  return async () => void (await redis.client.set(key, before ?? ''));
}
