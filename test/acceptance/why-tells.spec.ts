import { startOwnRedis } from '../integration/own-redis.ts';
import { openProxy } from '../integration/redis-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { runOps } from '../support/run-ops.ts';
import { smtpUrl } from '../support/servers.ts';
import { aCall, beginStory, subscribe, type Story } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 120_000;
const NUMBER = '0312350009';
const to = `${uniqueName('why')}@example.jp`;
let story: Story;
let relay: Awaited<ReturnType<typeof openProxy>>;
let redis: Awaited<ReturnType<typeof openProxy>>;

beforeAll(async () => {
  relay = await openProxy(smtpUrl());
  redis = await openProxy(`redis://${await startOwnRedis()}`);
  const SMTP_URL = `smtp://${new URL(relay.url).host}`;
  story = await beginStory({ SMTP_URL, REDIS_URL: `redis://${new URL(redis.url).host}` });
  await subscribe(story, NUMBER, { to: [to] });
}, LIMIT);

const why = async (asked: string): Promise<string> =>
  (await runOps(story.environment, ['why', asked])).lines.join('\n');

it(
  'tells of an event whether it waits for the mail server, was delivered, or cannot be known without Redis',
  async () => {
    await relay.down();
    const held = await story.happens('call.v1', NUMBER, aCall(NUMBER));
    const waits = await eventually(async () => {
      const text = await why(held);
      return text.includes('not settled') ? text : undefined;
    }, LIMIT);
    expect(waits).toContain(`event ${held} of /switch`);
    expect(waits).toMatch(/in Kafka since \S+\+09:00 as call-events\/\d+\/\d+/);
    expect(waits).toMatch(/the mail server 127\.0\.0\.1:\d+ cannot be used from here: .+ Mails wait for it/);
    expect(await why(NUMBER)).toContain(held);

    await relay.up();
    await story.outcomeOf(held);
    const told = await eventually(async () => {
      const text = await why(held);
      return text.includes('not settled') ? undefined : text;
    }, LIMIT);
    expect(told).toContain('notify: mails: 1 accepted');
    expect(told).toContain(`${to}  accepted, 1 attempt: 250`);
    expect(told).not.toContain('the mail server');

    await redis.down();
    const without = await runOps(story.environment, ['why', held]);
    expect(without).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Redis could not be asked, so') as string,
    });
    expect(without.lines.join('\n')).toContain(`${to}  accepted, 1 attempt: 250`);
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
