import { startOwnRedis } from '../integration/own-redis.ts';
import { openProxy } from '../integration/redis-proxy.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { withRedisAt } from '../support/redis-node.ts';
import { runOps } from '../support/run-ops.ts';
import { startSmtpFaultServer, type SmtpFaultServer } from '../support/smtp-fault-server.ts';
import { aCall, beginStory, subscribe, type Story } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 120_000;
const NUMBER = '0312350009';
const to = `${uniqueName('why')}@example.jp`;
let story: Story;
let relay: SmtpFaultServer;
let redisPort: number;
let redis: Awaited<ReturnType<typeof openProxy>>;

beforeAll(async () => {
  relay = await startSmtpFaultServer();
  closeLater(() => relay.stop());
  const address = await startOwnRedis();
  redisPort = Number(address.split(':')[1]);
  redis = await openProxy(`redis://${address}`);
  const SMTP_URL = `smtp://127.0.0.1:${relay.port}`;
  story = await beginStory({ SMTP_URL, REDIS_URL: `redis://${new URL(redis.url).host}` });
  await subscribe(story, NUMBER, { to: [to] });
}, LIMIT);

/** Resolves with the output of `why` as soon as it matches. */
const tells = (event: string, what: RegExp): Promise<string> =>
  eventually(async () => {
    const text = await why(event);
    return what.test(text) ? text : undefined;
  }, LIMIT);

const why = async (asked: string): Promise<string> =>
  (await runOps(story.environment, ['why', asked])).lines.join('\n');

it(
  'tells whether an event waits for the mail server, was delivered, or is unknown without Redis',
  async () => {
    await relay.stop();
    const held = await story.happens('call.v1', NUMBER, aCall(NUMBER));
    const waits = await eventually(async () => {
      const text = await why(held);
      return text.includes('not settled') ? text : undefined;
    }, LIMIT);
    expect(waits).toContain(`event ${held} of /switch`);
    expect(waits).toMatch(/in Kafka since \S+\+09:00 as call-events\/\d+\/\d+/);
    expect(waits).toMatch(
      /the mail server 127\.0\.0\.1:\d+ cannot be used from here: .+ Mails wait until it is back/,
    );
    expect(await why(NUMBER)).toContain(held);

    await relay.start();
    await story.outcomeOf(held);
    const told = await eventually(async () => {
      const text = await why(held);
      return text.includes('not settled') ? undefined : text;
    }, LIMIT);
    expect(told).toContain('notify: mails: 1 accepted');
    expect(told).toMatch(new RegExp(`${to}  accepted at \\S+\\+09:00, 1 attempt: 250`));
    expect(told).not.toContain('the mail server');

    await redis.down();
    const without = await runOps(story.environment, ['why', held]);
    expect(without).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Redis could not be asked, so') as string,
    });
    expect(without.lines.join('\n')).toContain(`${to}  accepted, 1 attempt: 250`);
    expect(without.lines.join('\n')).toMatch(/outcome 1, told \S+\+09:00/);
    const unknown = await runOps(story.environment, ['why', uniqueName('none')]);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'not known whether there is such an event: Redis could not be asked',
      ) as string,
    });
    await redis.up();
  },
  LIMIT,
);

it(
  'tells when a temporarily refused mail is retried, even without Redis',
  async () => {
    relay.setRules({ at: 'rcpt', do: { reply: '451 4.7.1 Greylisted' }, times: 1 });
    const deferred = await story.happens('call.v1', NUMBER, aCall(NUMBER));
    await story.outcomeOf(deferred);
    const nextTry = /waits in notify-retry-10s until (\S+\+09:00), then it is retried/;
    const asked = await why(deferred);
    expect(asked).toContain('notify: mails: 1 waiting for another try');
    expect(asked).toMatch(new RegExp(`${to}  deferred at \\S+, 1 attempt: 451 4.7.1 Greylisted; waits`));
    await redis.down();
    const without = (await runOps(story.environment, ['why', deferred])).lines.join('\n');
    await redis.up();
    expect(nextTry.exec(without)?.[1]).toBe(nextTry.exec(asked)?.[1]);
    expect(without).toMatch(nextTry);
    await story.outcomeOf(deferred, 2);
    expect(await why(deferred)).toMatch(new RegExp(`${to}  accepted at \\S+, 2 attempts: 250`));
  },
  LIMIT,
);

it(
  'distinguishes a mail under way from one that nobody works on',
  async () => {
    relay.setRules({ at: 'mail', do: { hang: true } });
    const event = await story.happens('call.v1', NUMBER, aCall(NUMBER));
    expect(await tells(event, /mails: 1 under way/)).toContain('the mail server');
    await relay.stop();
    expect(await tells(event, /mails: 1 waiting/)).toContain('cannot be used from here');
    relay.setRules();
    await relay.start();
    expect(await tells(event, /mails: 1 accepted/)).not.toContain('the mail server 127');
  },
  LIMIT,
);

it(
  'tells when a mail waits for a full Redis, which can still be read',
  async () => {
    await withRedisAt(redisPort, (own) => own.config('SET', 'maxmemory', '1'));
    const event = await story.happens('call.v1', NUMBER, aCall(NUMBER));
    expect(await tells(event, /not settled yet: it waits, no notifier has begun/)).toMatch(
      /Redis cannot be used from here: .*takes no writes/,
    );
    await withRedisAt(redisPort, (own) => own.config('SET', 'maxmemory', '0'));
    await story.outcomeOf(event);
  },
  LIMIT,
);
