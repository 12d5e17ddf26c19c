import { connectRedis, createLedger, type RedisConnection } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { errorsOf, someNumber, startSettingsApi } from '../support/settings-api.ts';
import { aCall, beginStory, subscribe } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';
import { anEvent } from './ledger-for-test.ts';
import { startOwnRedis } from './own-redis.ts';

const address = await startOwnRedis();
const url = `redis://${address}`;
let redis: RedisConnection;

beforeAll(async () => {
  redis = connectRedis({ urls: [url], keyPrefix: 'full:' });
  closeLater(() => redis.close());
  await redis.ready(10_000);
});
afterEach(() => setRoom('0'));

/** `1` byte leaves no room for anything; `0` is no limit. */
async function setRoom(maxmemory: '0' | '1'): Promise<void> {
  await redis.client.config('SET', 'maxmemory', maxmemory);
}

const event = anEvent();

const linesAt = (level: string, log: readonly string[]): string[] =>
  log.filter((line) => line.includes(`"level":"${level}"`));

describe('a Redis that is full', () => {
  it('counts as an outage, not a bug: no ledger call blames the event, and all work again once there is memory', async () => {
    const ledger = createLedger(redis);
    const claim = { event, token: 't' };
    await setRoom('1');
    const calls = await Promise.allSettled([ledger.claim(claim), ledger.claim(claim)]);
    const away = { status: 'rejected', reason: { code: 'REDIS_REFUSES_WRITES', retryable: true } };
    expect(calls).toMatchObject([away, away]);
    await setRoom('0');
    const { claims } = await ledger.claim(claim);
    expect([...claims.values()]).toEqual([{ kind: 'mine', attempt: 1, doubts: 0 }]);
  });

  it('is reported by the settings API as what it is, makes it unready, and logs an error', async () => {
    const api = await startSettingsApi({ REDIS_URL: url });
    const path = `/v1/lines/${someNumber()}`;
    const line = { brand: 'ntt-east', numbers: [], contractor: 'x' };
    await api.ask('put', path).send(line).expect(201);
    expect(linesAt('error', api.log)).toEqual([]);
    await setRoom('1');
    const answer = await api.ask('put', path).send({ ...line, contractor: 'y' });
    expect([answer.status, ...errorsOf(answer)]).toEqual([503, 'writes-refused']);
    expect(answer.text).toContain('Redis can be reached but takes no writes');
    expect((await api.ask('get', path)).body).toMatchObject({ contractor: 'x' });
    const ready = await api.ask('get', '/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({
      reasons: [{ check: 'redis', reason: expect.stringContaining('Redis is out of memory') as string }],
    });
    expect(linesAt('error', api.log)).toEqual([expect.stringContaining('OOM command not allowed')]);
    await setRoom('0');
    await eventually(async () => (await api.ask('get', '/readyz')).status === 200);
    await api.ask('put', path).send(line).expect(200);
  });

  it('makes the notifier hold mails and log one error, until there is memory again', async () => {
    const log: string[] = [];
    const story = await beginStory({ REDIS_URL: url }, log);
    const number = someNumber();
    const to = `${uniqueName('full')}@example.jp`;
    await subscribe(story, number, { to: [to] });
    await setRoom('1');
    const id = await story.happens('call.v1', number, aCall(number));
    await eventually(() => linesAt('error', log).length > 0);
    const [notifier] = story.notifiers;
    const ready = await fetch(`${notifier?.url}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([
      503,
      expect.stringContaining('Redis is out of memory'),
    ]);
    await setRoom('0');
    expect(await story.outcomeOf(id)).toMatchObject({ recipients: [{ address: to, state: 'accepted' }] });
    await eventually(async () => (await fetch(`${notifier?.url}/readyz`)).status === 200);
    expect(linesAt('error', log)).toEqual([expect.stringContaining('somebody has to make room')]);
  });
});
