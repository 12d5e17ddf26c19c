import { encodeEvent, newTraceContext } from '#events';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '../support/otlp-receiver.ts';
import { eventually } from '../support/eventually.ts';
import { startSettingsApi } from '../support/settings-api.ts';
import { aCall, beginStory, secondsAgo, subscribe, type Story } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';
import { followTopic } from '#kafka';
import { closeLater } from '../support/close-later.ts';

const LIMIT = 60_000;
const NUMBER = '0312350077';
let receiver: OtlpReceiver;
let story: Story;

const quickly = (url: string): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector-token',
  OTEL_BSP_SCHEDULE_DELAY: '100',
});

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  story = await beginStory({ ...quickly(receiver.url), OTEL_TRACES_SAMPLER: 'parentbased_always_off' });
  await subscribe(story, NUMBER, { to: [`${uniqueName('trace')}@example.jp`] });
}, LIMIT);

const spansOf = (traceId: string, service = 'denwa-notify-notifier'): ReceivedSpan[] =>
  receiver.spans.filter((span) => span.traceId === traceId && span.service === service);

/** Publishes a call within a trace; resolves with its outcome's reason. */
async function callWithin(traceparent: string, tracestate?: string): Promise<string> {
  const id = uniqueName('call');
  const trace = { traceparent, ...(tracestate ? { tracestate } : {}) };
  const data = aCall(NUMBER);
  const event = {
    type: 'call.v1',
    source: '/switch',
    id,
    time: Date.now(),
    key: NUMBER,
    data,
    trace,
  } as const;
  await story.publisher.publish([encodeEvent(event)]);
  return (await story.outcomeOf(id)).reason;
}

it(
  'O5 a sampled call has spans in its own trace at the collector, without number and address',
  async () => {
    const { traceparent } = newTraceContext();
    expect(await callWithin(traceparent, 'vendor=1')).toBe('notify');
    const [, traceId = '', parentId = ''] = traceparent.split('-');
    const spans = await eventually(
      () => (spansOf(traceId).length === 4 ? spansOf(traceId) : undefined),
      LIMIT,
    );
    const process = spans.find(({ name }) => name === 'process call-events');
    expect(process).toMatchObject({
      parentSpanId: parentId,
      kind: 5,
      isError: false,
      traceState: 'vendor=1',
      attributes: { 'messaging.system': 'kafka', 'notify.result': 'decided', 'notify.reason': 'notify' },
    });
    const steps = spans.filter(({ parentSpanId }) => parentSpanId === process?.spanId);
    expect(steps.map(({ name, kind }) => `${name} ${kind}`).toSorted()).toEqual([
      'decide 1',
      'render 1',
      'send 3',
    ]);
    expect(JSON.stringify(spans)).not.toMatch(/\b0[0-9]{9,}|@/);
    expect(receiver.logins).toContain('Bearer collector-token');
  },
  LIMIT,
);

it(
  'a call whose trace is not sampled has none, and a malformed traceparent is nothing',
  async () => {
    const unsampled = newTraceContext().traceparent.replace(/01$/, '00');
    expect(await callWithin(unsampled)).toBe('notify');
    expect(await callWithin('garbage')).toBe('notify');
    const { traceparent } = newTraceContext();
    await callWithin(traceparent);
    // The last one's spans are the last to come: those before them would be there.
    await eventually(() => spansOf(traceparent.slice(3, 35)).length === 4, LIMIT);
    expect(spansOf(unsampled.slice(3, 35))).toEqual([]);
  },
  LIMIT,
);

it(
  'O1 the settings API hands a request’s trace on to the access mail',
  async () => {
    const api = await startSettingsApi(quickly(receiver.url));
    const { traceparent } = newTraceContext();
    const mail = { kind: 'password-changed', number: NUMBER, brand: 'ntt-east', recipient: 'a@example.jp' };
    const answer = await api
      .ask('post', '/v1/access-mails')
      .set('traceparent', traceparent)
      .send({ ...mail, issuedAt: secondsAgo(1) });
    expect(answer.status).toBe(202);
    const published: (string | undefined)[] = [];
    const connection = { ...story.connection, topicPrefix: api.prefix };
    const following = await followTopic(connection, 'access-mails', ({ headers }) => {
      published.push(headers['ce_traceparent']?.toString());
    });
    closeLater(() => following.close());
    const [span] = await eventually(() => {
      const spans = spansOf(traceparent.slice(3, 35), 'denwa-notify-settings');
      return spans.length > 0 ? spans : undefined;
    }, LIMIT);
    expect(span).toMatchObject({
      name: 'POST /v1/access-mails',
      kind: 2,
      parentSpanId: traceparent.slice(36, 52),
      attributes: { 'http.route': '/v1/access-mails', 'http.response.status_code': 202 },
    });
    await eventually(() => published.includes(`00-${span?.traceId}-${span?.spanId}-01`), LIMIT);
    expect(api.log.join('')).toContain(`"traceId":"${traceparent.slice(3, 35)}"`);
  },
  LIMIT,
);

it(
  'a collector that is away harms nothing: mail goes on, one line says so and one when it is back',
  async () => {
    receiver.answer(400);
    const api = await startSettingsApi({ ...quickly(receiver.url), OTEL_TRACES_SAMPLER: 'always_on' });
    const lines = (text: string): number => api.log.filter((line) => line.includes(text)).length;
    await eventually(async () => {
      await api.ask('get', `/v1/numbers/${NUMBER}/call-notice`);
      return lines('Traces cannot be exported') === 1;
    }, LIMIT);
    for (let asked = 0; asked < 5; asked += 1) await api.ask('get', `/v1/numbers/${NUMBER}/call-notice`);
    expect(await callWithin(newTraceContext().traceparent)).toBe('notify');
    receiver.answer(200);
    await eventually(async () => {
      await api.ask('get', `/v1/numbers/${NUMBER}/call-notice`);
      return lines('Traces are exported again') === 1;
    }, LIMIT);
    expect(lines('Traces cannot be exported')).toBe(1);
  },
  LIMIT,
);
