import { encodeEvent } from '#events';
import type { Outcome } from '#redis';
import { eventually } from '../support/eventually.ts';
import { testAdmin, testProducer } from '../support/kafka.ts';
import { errorsOf, someNumber, startSettingsApi } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';

const api = await startSettingsApi();
const producer = await testProducer();

const START = Date.parse('2026-11-21T01:00:00Z');
const minute = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();

function outcome(number: string, more: Partial<Outcome> = {}): Outcome {
  return {
    eventSource: '/switch/1',
    eventId: uniqueName('event'),
    sequence: 1,
    kind: 'call',
    number,
    lineNumber: number,
    at: minute(0),
    reason: 'notify',
    recipients: [{ address: 'a@example.jp', state: 'deferred', attempts: 1, response: '450 4.2.1 later' }],
    ...more,
  };
}

/** Publishes outcomes as the notifier does, and waits until the last of them is kept. */
async function publish(...items: Outcome[]): Promise<void> {
  const { value, headers } = encodeEvent({
    type: 'outcomes.v1',
    source: '/denwa-notify',
    id: uniqueName('outcomes'),
    time: START,
    key: null,
    data: { items },
  });
  await producer.send({
    topic: `${api.prefix}notify-outcomes`,
    messages: [{ key: null, value, headers }],
  });
  const marker = outcome(someNumber());
  await producer.send({
    topic: `${api.prefix}notify-outcomes`,
    messages: [{ key: null, value: JSON.stringify({ items: [...items, marker] }), headers }],
  });
  await eventually(async () => (await api.ask('get', `/v1/outcomes/${marker.eventId}`)).status === 200);
}

const pageOf = async (number: string, query: Record<string, string> = {}) => {
  const answer = await api.ask('get', `/v1/numbers/${number}/outcomes`).query(query);
  expect(answer.status).toBe(200);
  return answer.body as { items: Outcome[]; nextCursor: string | null };
};

describe('GET /v1/outcomes/{eventId}', () => {
  it('answers with the outcome, 404 when it is not known', async () => {
    const item = outcome(someNumber());
    await publish(item);
    const answer = await api.ask('get', `/v1/outcomes/${item.eventId}`);
    expect([answer.status, answer.body]).toEqual([200, item]);
    const unknown = await api.ask('get', `/v1/outcomes/${uniqueName('event')}`);
    expect([unknown.status, ...errorsOf(unknown)]).toEqual([404, 'unknown-event']);
  });

  it('answers with the highest sequence, whatever comes last', async () => {
    const first = outcome(someNumber());
    const second = { ...first, sequence: 2, reason: 'notify', recipients: [] };
    await publish(second);
    await publish(first);
    expect((await api.ask('get', `/v1/outcomes/${first.eventId}`)).body).toEqual(second);
    expect((await pageOf(first.number)).items).toEqual([second]);
  });

  it('asks for the source when ids clash', async () => {
    const one = outcome(someNumber());
    const other = { ...outcome(someNumber()), eventId: one.eventId, eventSource: '/switch/2' };
    await publish(one, other);
    const path = `/v1/outcomes/${one.eventId}`;
    const both = await api.ask('get', path);
    expect([both.status, ...errorsOf(both)]).toEqual([409, 'source ambiguous']);
    expect((await api.ask('get', path).query({ source: '/switch/2' })).body).toEqual(other);
    expect((await api.ask('get', path).query({ source: '/switch/3' })).status).toBe(404);
  });

  it('finds an id that has to be written with percent signs', async () => {
    const item = outcome(someNumber(), { eventId: `${uniqueName('a/b')} ?#é` });
    await publish(item);
    expect((await api.ask('get', `/v1/outcomes/${encodeURIComponent(item.eventId)}`)).body).toEqual(item);
  });
});

describe('GET /v1/numbers/{number}/outcomes', () => {
  it('answers newest first, page by page, each once, also those of one moment', async () => {
    const number = someNumber();
    const items = [0, 1, 2, 2, 2, 2, 2, 3].map((minutes) => outcome(number, { at: minute(minutes) }));
    await publish(...items, outcome(someNumber()));
    const seen: Outcome[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(number, {
        limit: '2',
        ...(cursor ? { cursor } : {}),
      });
      seen.push(...page.items);
      cursor = page.nextCursor;
      pages += 1;
    } while (cursor !== null);
    expect(pages).toBe(4);
    expect(seen.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toReversed());
    expect(new Set(seen.map(({ eventId }) => eventId)).size).toBe(items.length);
  });

  it('answers from and to the times asked for', async () => {
    const number = someNumber();
    const items = [0, 1, 2, 3].map((minutes) => outcome(number, { at: minute(minutes) }));
    await publish(...items);
    const { items: found } = await pageOf(number, { from: '2026-11-21T10:01:00+09:00', to: minute(2) });
    expect(found).toEqual([items[2], items[1]]);
  });

  it('answers nothing for a known number without events, 404 for one that is not known', async () => {
    const number = someNumber();
    expect((await api.ask('get', `/v1/numbers/${number}/outcomes`)).status).toBe(404);
    await api
      .ask('put', `/v1/lines/${number}`)
      .send({ brand: 'ntt-east', numbers: [], contractor: 'x' })
      .expect(201);
    expect(await pageOf(number)).toEqual({ items: [], nextCursor: null });
  });

  it('V6 keeps what a setting of a service that is on decided, and nothing of a number without one', async () => {
    const number = someNumber();
    const of = (reason: string): Outcome => outcome(number, { reason, recipients: [] });
    const kept = of('answered');
    await publish(of('unknown-number'), of('service-off'), kept, of('too-late'));
    expect((await pageOf(number)).items).toEqual([kept]);
    const nobodys = outcome(someNumber(), { reason: 'unknown-number', recipients: [] });
    await publish(nobodys);
    expect((await api.ask('get', `/v1/numbers/${nobodys.number}/outcomes`)).status).toBe(404);
    expect((await api.ask('get', `/v1/outcomes/${nobodys.eventId}`)).status).toBe(404);
  });

  it('tells of a number that nobody has any more, when there is something to tell', async () => {
    const item = outcome(someNumber());
    await publish(item);
    expect((await pageOf(item.number)).items).toEqual([item]);
  });

  it.each([
    [{ from: 'yesterday' }, 'from time'],
    [{ to: '2026-11-21' }, 'to time'],
    [{ limit: '0' }, 'limit limit'],
    [{ limit: '201' }, 'limit limit'],
    [{ limit: 'x' }, 'limit limit'],
    [{ cursor: 'x' }, 'cursor cursor'],
    [{ page: '1' }, 'page unknown-field'],
  ])('answers 422 to %j', async (query, error) => {
    const answer = await api.ask('get', `/v1/numbers/${someNumber()}/outcomes`).query(query);
    expect([answer.status, ...errorsOf(answer)]).toEqual([422, error]);
  });
});

describe('V6 the history of a number that changes hands', () => {
  const now = (): string => new Date().toISOString();
  const put = (lineNumber: string, ...numbers: string[]) =>
    api.ask('put', `/v1/lines/${lineNumber}`).send({ brand: 'ntt-east', numbers, contractor: 'x' });
  const statusOf = async ({ eventId }: Outcome): Promise<number> =>
    (await api.ask('get', `/v1/outcomes/${eventId}`)).status;

  it('begins empty with its new line, whatever comes late of the old one', async () => {
    const [number, first, second] = [someNumber(), someNumber(), someNumber()];
    await put(first, number).expect(201);
    const call = outcome(number, { lineNumber: first });
    const code = outcome(number, { lineNumber: null, kind: 'one-time-password' });
    await publish(call, code);
    expect((await pageOf(number)).items).toHaveLength(2);
    const late = outcome(number, { lineNumber: first, at: now() });
    await put(first).expect(200);
    await put(second, number).expect(201);
    await publish(late, { ...code, sequence: 2 });
    expect(await pageOf(number)).toEqual({ items: [], nextCursor: null });
    for (const past of [call, code, late]) expect(await statusOf(past)).toBe(404);
    const own = outcome(number, { lineNumber: second, at: now() });
    await publish(own);
    // Not even by a cursor: a page that ends here is the last one.
    expect(await pageOf(number, { limit: '1' })).toEqual({ items: [own], nextCursor: null });
  });

  it('begins empty with a new contract of the same line number', async () => {
    const number = someNumber();
    await put(number).expect(201);
    const past = outcome(number);
    await publish(past);
    expect((await pageOf(number)).items).toEqual([past]);
    await api.ask('delete', `/v1/lines/${number}`).expect(204);
    await put(number).expect(201);
    expect(await pageOf(number)).toEqual({ items: [], nextCursor: null });
    expect(await statusOf(past)).toBe(404);
  });

  it('stays with a number whose line is written again', async () => {
    const [number, line] = [someNumber(), someNumber()];
    await put(line, number).expect(201);
    const kept = outcome(number, { lineNumber: line });
    await publish(kept);
    await put(line, number, someNumber()).expect(200);
    expect((await pageOf(number)).items).toEqual([kept]);
  });
});

describe('the history', () => {
  it('goes on past a record that cannot be read, and leaves nothing unsettled', async () => {
    const topic = `${api.prefix}notify-outcomes`;
    await producer.send({ topic, messages: [{ value: '{' }] });
    await publish(outcome(someNumber(), { at: 'some day' }));
    const item = outcome(someNumber());
    await publish(item);
    expect((await api.ask('get', `/v1/outcomes/${item.eventId}`)).status).toBe(200);
    const admin = await testAdmin();
    const ends = (await admin.fetchTopicOffsets(topic)).filter(({ high }) => high !== '0');
    const settled = await eventually(async () => {
      const [read] = await admin.fetchOffsets({ groupId: `${api.prefix}-history`, topics: [topic] });
      const offsets = new Map(read?.partitions.map(({ partition, offset }) => [partition, offset]));
      return ends.every(({ partition, high }) => offsets.get(partition) === high);
    });
    expect(settled).toBe(true);
  });
});
