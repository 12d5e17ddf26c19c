import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { open } from '#events';
import { checkDurability, createLedger, createOutcomeHistory, createSettingsRepository } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { runOps } from '../support/run-ops.ts';
import { kafkaBrokers, redisUrl } from '../support/servers.ts';
import { startOwnRedis } from './own-redis.ts';
import { openRedis } from './redis-for-test.ts';

const LIMIT = 60_000;
const LINE = '0312345678';
const legacy = 'taro..docomo.@docomo.ne.jp';

async function fileOf(...documents: object[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ops-'));
  closeLater(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'settings.jsonl');
  await writeFile(file, documents.map((one) => JSON.stringify(one)).join('\n'));
  return file;
}

describe('ops import', () => {
  it(
    'C13 writes a whole file with addresses of earlier years, or nothing of it',
    async () => {
      const redis = await openRedis();
      const environment = { REDIS_URL: redisUrl(), REDIS_KEY_PREFIX: redis.keyPrefix };
      const repository = createSettingsRepository(redis, await checkDurability(redis));
      closeLater(() => repository.close());
      const line = { lineNumber: LINE, brand: 'ntt-east', numbers: ['0312345679'], contractor: '山田商店' };
      const faxNotice = { enabled: true, recipients: [{ address: legacy, enabled: true }] };
      const wrong = await fileOf(line, { number: LINE, faxNotice }, { number: LINE.slice(1), faxNotice });
      const refused = await runOps(environment, ['import', wrong]);
      expect(refused).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/nothing written\nline 3: number: /),
      });
      expect(await repository.getLine(LINE)).toBeUndefined();
      const right = await fileOf(line, { number: LINE, faxNotice }, { number: '0312345679', faxNotice });
      for (let times = 0; times < 2; times++) {
        expect(await runOps(environment, ['import', right])).toMatchObject({ code: 0, stderr: '' });
      }
      expect((await repository.getLine(LINE))?.value.numbers).toEqual([LINE, '0312345679']);
      expect((await repository.getNumber('0312345679'))?.faxNotice).toEqual(faxNotice);
    },
    LIMIT,
  );
});

describe('ops seal', () => {
  it(
    'O5 seals what it reads for one event, and repeats no secret when it cannot',
    async () => {
      const key = Buffer.alloc(32, 9);
      const environment = { SEAL_KEYS: `k1:${key.toString('base64')}` };
      const [sealed, wrong] = await Promise.all([
        runOps(environment, ['seal', 'e-1'], '{"code":"123456"}\n'),
        runOps(environment, ['seal', 'e-1'], '{"code":"123 456"}'),
      ]);
      expect(sealed).toMatchObject({ code: 0, stderr: '' });
      expect(open(sealed.lines[0] ?? '', 'e-1', [{ id: 'k1', key }])).toEqual({
        ok: true,
        secret: { code: '123456' },
      });
      expect(wrong).toMatchObject({ code: 1, lines: [], stderr: expect.not.stringContaining('123') });
    },
    LIMIT,
  );
});

describe('ops why', () => {
  it(
    'tells the newest events of a number from the history, and each recipient from the ledger',
    async () => {
      const redis = await openRedis();
      const environment = {
        REDIS_URL: redisUrl(),
        REDIS_KEY_PREFIX: redis.keyPrefix,
        KAFKA_BROKERS: kafkaBrokers().join(','),
        KAFKA_TOPIC_PREFIX: `${randomUUID()}.`,
      };
      const items = ['e-1', 'e-2', 'e-3'].map((eventId, hour) => ({
        eventSource: '/switch',
        eventId,
        sequence: 1,
        kind: 'call',
        number: LINE,
        lineNumber: LINE,
        at: `2026-11-21T0${hour}:00:00+09:00`,
        reason: 'notify' as const,
        recipients: [{ address: 'a@example.jp', state: 'deferred', attempts: 1, response: '451 Later' }],
      }));
      await createOutcomeHistory(redis).keep(items);
      const at = Date.now();
      const { eventSource: source, eventId: id, kind, number, lineNumber, reason } = items[2]!;
      const event = {
        source,
        id,
        kind,
        number,
        lineNumber,
        reason,
        at,
        brand: 'ntt-east',
        recipients: ['a@example.jp'],
      };
      await createLedger(redis).record({ ...event, deadline: at + 60_000 }, 'a@example.jp', 't', {
        state: 'accepted',
        attempts: 2,
        response: '250 Ok',
      });
      const [ofNumber, ofEvent] = await Promise.all([
        runOps(environment, ['why', '03-1234-5678', '--limit', '2']),
        runOps(environment, ['why', 'e-1']),
      ]);
      expect(ofNumber).toMatchObject({ code: 0 });
      expect(ofNumber.lines.filter((line) => line.includes('event '))).toEqual([
        '  event e-3 of /switch, outcome 1',
        '  event e-2 of /switch, outcome 1',
      ]);
      expect(ofNumber.lines[2]).toMatch(/^ {2}a@example\.jp {2}accepted at \S+\+09:00, 2 attempts: 250 Ok$/u);
      expect(ofEvent.lines.slice(3)).toEqual([expect.stringContaining('SMTP_URL is not set here')]);
    },
    LIMIT,
  );

  it.each(['the Redis of the settings', 'a Redis of its own'])(
    'tells what happened under an earlier contract of the number, with the history in %s',
    async (where) => {
      const redis = await openRedis();
      const own = where === 'a Redis of its own' ? `redis://${await startOwnRedis()}` : undefined;
      const environment = {
        REDIS_URL: redisUrl(),
        ...(own === undefined ? {} : { HISTORY_REDIS_URL: own }),
        REDIS_KEY_PREFIX: redis.keyPrefix,
        KAFKA_BROKERS: kafkaBrokers().join(','),
        KAFKA_TOPIC_PREFIX: `${randomUUID()}.`,
      };
      const repository = createSettingsRepository(redis, await checkDurability(redis));
      closeLater(() => repository.close());
      const line = { lineNumber: LINE, brand: 'ntt-east', numbers: [], contractor: '' };
      await repository.putLine(line);
      const history =
        own === undefined ? redis : await openRedis({ urls: [own], keyPrefix: redis.keyPrefix });
      const past = {
        eventSource: '/switch',
        eventId: 'e-past',
        sequence: 1,
        kind: 'call',
        number: LINE,
        lineNumber: LINE,
        at: '2026-11-21T00:00:00+09:00',
        reason: 'answered',
        recipients: [],
      };
      await createOutcomeHistory(history, { settings: redis }).keep([past]);
      await repository.deleteLine(LINE);
      await repository.putLine(line);
      const told = await runOps(environment, ['why', LINE]);
      expect(told.lines.join('\n')).toContain('event e-past of /switch');
    },
    LIMIT,
  );
});
