import { deliver } from '#delivery';
import { encodeEvent } from '#events';
import type { Logger } from '#platform';
import { callWorld, fakeBatch, withDeps } from '../../libs/delivery/testing/fakes.ts';
import { callRecord, LINE } from '../../libs/delivery/testing/records.ts';
import { eventually } from '../support/eventually.ts';
import { testLogger } from '../support/run-log.ts';
import { startSettingsApi } from '../support/settings-api.ts';
import { closeLater } from '../support/close-later.ts';
import { startSmtpFaultServer } from '../support/smtp-fault-server.ts';
import {
  aCall,
  aOneTimePassword,
  beginStory,
  joinedNotifier,
  secondsAgo,
  subscribe,
  type Story,
} from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;
const CALLER = '09087654321';
const ABROAD = '+14155550177';
let story: Story;

beforeAll(async () => {
  // Its notifier leaves first attempts to those of the tests, whose logs are read.
  story = await beginStory({ NOTIFY_LANES: 'retry' });
}, LIMIT);

interface Log {
  readonly logger: Logger;
  readonly lines: readonly string[];
}

function logAt(level: 'trace' | 'info'): Log {
  const lines: string[] = [];
  const destination = { write: (line: string): void => void lines.push(line) };
  return { logger: testLogger({ app: 'notifier', level, destination }), lines };
}

function expectNoneOf(lines: readonly string[], personal: readonly string[]): void {
  const text = lines.join('');
  expect(personal.filter((one) => text.includes(one))).toEqual([]);
}

const FAILURES = ['bounced', 'later', 'closed', 'reset', 'doubtful', 'taken'] as const;

/** A mail server that quotes what it was given in each way of failing. */
async function quotingServer(quoted: string): Promise<string> {
  const server = await startSmtpFaultServer({
    rules: [
      { at: 'rcpt', recipient: '^bounced', do: { reply: `550 5.1.1 <bounced-${quoted}> is unknown` } },
      { at: 'rcpt', recipient: '^later', do: { reply: `451 4.2.0 later-${quoted}: try again` } },
      { at: 'data', recipient: '^closed', do: { close: true }, times: 1 },
      { at: 'message', recipient: '^reset', do: { reset: true }, times: 1 },
      { at: 'dot', recipient: '^doubtful', do: { close: true }, times: 1 },
    ],
  });
  closeLater(() => server.stop());
  return `smtp://127.0.0.1:${server.port}`;
}

it(
  'O5 no number and no address is in any line of the notifier, whichever way a mail fails',
  async () => {
    const number = '0312350031';
    const quoted = `${uniqueName('quoted')}@example.jp ${number}`;
    const { logger, lines } = logAt('trace');
    const environment = {
      ...story.environment,
      NOTIFY_LANES: 'access,main',
      SMTP_URL: await quotingServer(quoted),
    };
    await joinedNotifier(environment, logger);
    const addresses = FAILURES.map((failure) => `${failure}-${quoted.split(' ')[0]}`);
    await subscribe(story, number, { to: addresses.slice(0, 5) });
    const calls = [CALLER, ABROAD].map((caller) =>
      story.happens('call.v1', number, aCall(number, { caller: { number: caller } })),
    );
    for (const call of calls) await story.outcomeOf(await call);
    const unknown = await story.happens('call.v1', '0399998888', aCall('0399998888'));
    expect(await story.outcomeOf(unknown)).toMatchObject({ reason: 'unknown-number' });
    const dead = await story.follow('notify-dlq');
    const malformed = { ...aCall(number), caller: { number: `${CALLER}x` } };
    await story.happens('call.v1', number, malformed);
    const sealedWrong = {
      ...aOneTimePassword(number, addresses[5]!),
      sealed: 'v1.nobody.MDEyMzQ1Njc4OWFi.eyJ9.MDEyMzQ1Njc4OWFiY2RlZg',
    };
    await story.happens('access-mail.v1', number, sealedWrong);
    await eventually(() => dead.length >= 2, LIMIT);
    expect(lines.length).toBeGreaterThan(0);
    expectNoneOf(lines, [number, '0399998888', CALLER, ABROAD, ...addresses, quoted.split('@')[0]!]);
  },
  LIMIT,
);

it(
  'O5 no number and no address is in any line of the settings API, whatever it is asked',
  async () => {
    const api = await startSettingsApi();
    const number = '0312350032';
    const address = `${uniqueName('asked')}@example.jp`;
    await api
      .ask('put', `/v1/lines/${number}`)
      .send({ brand: 'ntt-east', numbers: [number], contractor: '' });
    const notice = {
      enabled: true,
      recipients: [{ address, enabled: true }],
      targetCallers: [{ number: CALLER, enabled: true }],
    };
    await api.ask('put', `/v1/numbers/${number}/call-notice`).send(notice);
    await api
      .ask('put', `/v1/numbers/${number}x/call-notice`)
      .send({ ...notice, recipients: [{ address: `${address},`, enabled: 1 }] });
    await api.ask('post', `/v1/numbers/${number}/test-mail`).send({ address });
    await api.ask('post', `/v1/numbers/${number}/access/end-sessions`);
    await api.ask('post', '/v1/access-mails').send({ kind: 'test', number, recipient: address });
    await api.ask('get', `/v1/numbers/${number}/outcomes?from=${number}`);
    await api.ask('get', `/v1/${number}/${address}`);
    await eventually(() => api.log.filter((line) => line.includes('answered')).length >= 8);
    expectNoneOf(api.log, [number, CALLER, address]);
  },
  LIMIT,
);

describe('a line about an event', () => {
  const TRACE = '0af7651916cd43dd8448eb211c80319c';
  const record = { ...callRecord('e-1'), topic: 'call-events' };
  const traced = {
    ...record,
    headers: { ...record.headers, ce_traceparent: `00-${TRACE}-b7ad6b7169203331-01` },
  };
  const address = 'mentioned@example.jp';

  it.each([
    ['of a mail that meets a bug', 'A mail could not be made or sent'],
    ['of a record that meets a bug', 'A record met a bug and went to the dead letters'],
    ['of a dead letter that is refused', 'A record could not be kept as a dead letter'],
  ])('%s names the event and its trace, and no number or address', async (_, message) => {
    const { logger, lines } = logAt('trace');
    const world = callWorld({}, undefined, address);
    const bug = (): never => {
      throw new TypeError(`no mail for ${LINE} <${address}>`);
    };
    const deps = withDeps(world.deps, {
      telemetry: { log: logger },
      ...(message.startsWith('A mail')
        ? { mailing: { compose: bug } }
        : { stores: { ledger: { ...world.deps.stores.ledger, claim: bug } } }),
      ...(message.includes('kept') ? { publishing: { deadLetters: { keep: async () => bug() } } } : {}),
    });
    await deliver(deps, fakeBatch([traced]));
    const line = lines
      .map((one) => JSON.parse(one) as Record<string, unknown>)
      .find(({ msg }) => msg === message);
    expect(line).toMatchObject({
      level: 'error',
      eventId: 'e-1',
      eventSource: record.headers['ce_source'],
      traceId: TRACE,
    });
    expectNoneOf(lines, [LINE, address]);
  });
});

it(
  'a healthy notifier writes no line for an event at the default level, and no error at all',
  async () => {
    const number = '0312350033';
    const { logger, lines } = logAt('info');
    await joinedNotifier(
      { ...story.environment, KAFKA_GROUP_ID: uniqueName('quiet'), NOTIFY_LANES: 'main' },
      logger,
    );
    await subscribe(story, number, { to: [`${uniqueName('quiet')}@example.jp`], unansweredOnly: true });
    await story.outcomeOf(await story.happens('call.v1', number, aCall(number)));
    const before = lines.length;
    const events = Array.from({ length: 500 }, (_, index) => {
      const outcome = index % 10 === 0 ? 'unanswered' : 'answered';
      const data = aCall(number, { outcome, startedAt: secondsAgo(10) });
      return encodeEvent({
        type: 'call.v1',
        source: '/switch',
        id: `quiet-${index}`,
        time: Date.now(),
        key: number,
        data,
      });
    });
    await story.publisher.publish(events);
    for (let index = 0; index < 500; index += 1) await story.outcomeOf(`quiet-${index}`);
    expect(lines.slice(before)).toEqual([]);
    expect(lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  },
  LIMIT,
);
