import { decode, open, type AccessMailEvent, type RawRecord } from '#events';
import { checkDurability, createSettingsRepository } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { collectRecords, type ReadRecord } from '../support/kafka.ts';
import { aSecret } from '../support/run-log.ts';
import { errorsOf, SEAL_KEY, someNumber, startSettingsApi } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';
import { keysOf, openRedis } from './redis-for-test.ts';

const api = await startSettingsApi();
const topic = `${api.prefix}access-mails`;
const records = await collectRecords([topic]);

const iso = (ms: number): string => new Date(ms).toISOString();

/** The record of an event, once it is there. */
const recordOf = (eventId: string): Promise<ReadRecord> =>
  eventually(() => records.find(({ headers }) => headers['ce_id'] === eventId));

/** The event as the notifier reads it. */
async function eventOf(eventId: string): Promise<AccessMailEvent> {
  const { key, value, headers, offset, partition } = await recordOf(eventId);
  const record: RawRecord = {
    topic: 'access-mails',
    partition,
    offset,
    key: Buffer.from(key ?? ''),
    value: Buffer.from(value ?? ''),
    headers,
    timestamp: Date.now(),
  };
  const decoded = decode(record);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.problems));
  return decoded.event as AccessMailEvent;
}

async function knownNumber(): Promise<string> {
  const lineNumber = someNumber();
  await api
    .ask('put', `/v1/lines/${lineNumber}`)
    .send({ brand: 'ocn-east', numbers: [], contractor: 'x' })
    .expect(201);
  return lineNumber;
}

describe('POST /v1/numbers/{number}/test-mail', () => {
  const ask = (number: string, address: string) =>
    api.ask('post', `/v1/numbers/${number}/test-mail`).send({ address });

  it("C12 publishes a test mail of the number's brand and says which event it is", async () => {
    const number = await knownNumber();
    const answer = await ask(number, 'taro@example.jp');
    expect(answer.status).toBe(202);
    // An ETag is a version of settings and nothing else.
    expect(answer.headers.etag).toBeUndefined();
    const { eventSource, eventId } = answer.body as { eventSource: string; eventId: string };
    const event = await eventOf(eventId);
    expect(event).toEqual({
      source: eventSource,
      id: eventId,
      kind: 'test',
      number,
      brand: 'ocn-east',
      recipient: 'taro@example.jp',
      at: event.at,
    });
    expect(Math.abs(event.at - Date.now())).toBeLessThan(60_000);
    expect((await recordOf(eventId)).key).toBe(number);
  });

  it('C12 answers 429 with Retry-After past 5 an hour to an address, whatever the number; a refused one does not count', async () => {
    const [first, second] = [await knownNumber(), await knownNumber()];
    const address = `${uniqueName('a')}@example.jp`;
    for (const number of [first, second, first, second])
      expect((await ask(number, address)).status).toBe(202);
    expect((await ask(first, address.toUpperCase())).status).toBe(202);
    for (let times = 0; times < 16; times++) {
      const refused = await ask(second, address);
      expect([refused.status, ...errorsOf(refused)]).toEqual([429, 'address too-many']);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_500);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(3_600);
    }
    // Two were counted for this number: 18 are left.
    for (let times = 0; times < 18; times++)
      expect((await ask(second, `${uniqueName('a')}@example.jp`)).status).toBe(202);
    expect((await ask(second, `${uniqueName('a')}@example.jp`)).status).toBe(429);
  });

  it('C12 answers 429 with Retry-After past 20 a day for a number; the address is not counted', async () => {
    const number = await knownNumber();
    const address = `${uniqueName('a')}@example.jp`;
    for (let times = 0; times < 20; times++)
      expect((await ask(number, `${uniqueName('a')}@example.jp`)).status).toBe(202);
    for (let times = 0; times < 6; times++) {
      const refused = await ask(number, address);
      expect([refused.status, ...errorsOf(refused)]).toEqual([429, 'too-many']);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(86_000);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(86_400);
    }
    expect((await ask(await knownNumber(), address)).status).toBe(202);
  });

  it('C12 counts one of many at once as well', async () => {
    const number = await knownNumber();
    const address = `${uniqueName('a')}@example.jp`;
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await ask(number, address)).status),
    );
    expect(statuses.filter((status) => status === 202)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
  });

  it('answers 404 for a number that is not known, 422 for what is no address (C13)', async () => {
    expect((await ask(someNumber(), 'taro@example.jp')).status).toBe(404);
    const number = await knownNumber();
    for (const [address, error] of [
      ['taro', 'address address-no-at'],
      ['a..b@example.jp', 'address local-two-dots'],
    ] as const) {
      const answer = await ask(number, address);
      expect([answer.status, ...errorsOf(answer)]).toEqual([422, error]);
    }
    const more = await api
      .ask('post', `/v1/numbers/${number}/test-mail`)
      .send({ address: 'a@example.jp', kind: 'x' });
    expect([more.status, ...errorsOf(more)]).toEqual([422, 'kind unknown-field']);
  });
});

describe('POST /v1/access-mails', () => {
  const now = Date.now();
  const otp = {
    kind: 'one-time-password',
    number: '03-1234-5679',
    brand: 'ntt-east',
    recipient: 'taro@example.jp',
    issuedAt: iso(now),
    expiresAt: iso(now + 300_000),
    secret: { code: aSecret('48213377') },
  };
  const link = aSecret('https://www.hikari.ntt-east.net/r/tKq81');
  const ask = (document: object, headers: Record<string, string> = {}) =>
    api.ask('post', '/v1/access-mails').set(headers).send(document);
  const idOf = (answer: { body: unknown }): string => (answer.body as { eventId: string }).eventId;

  it.each([
    ['O1', otp, { code: '48213377' }],
    ['O3', { ...otp, kind: 'two-step-code', expiresAt: iso(now + 900_000) }, { code: '48213377' }],
    [
      'O2',
      { ...otp, kind: 'address-registration', expiresAt: iso(now + 86_400_000), secret: { link } },
      { link },
    ],
  ])(
    '%s is sealed for its event and published; nothing of it is readable in Kafka (O5)',
    async (_, document, secret) => {
      const answer = await ask(document);
      expect(answer.status).toBe(202);
      const event = await eventOf(idOf(answer));
      expect(event).toMatchObject({
        source: (answer.body as { eventSource: string }).eventSource,
        kind: document.kind,
        number: '0312345679',
        brand: 'ntt-east',
        recipient: 'taro@example.jp',
        at: now,
        expiresAt: Date.parse(document.expiresAt),
      });
      expect(open(event.sealed ?? '', event.id, [SEAL_KEY])).toEqual({ ok: true, secret });
      expect(JSON.stringify(records)).not.toMatch(/48213377|tKq81/);
      expect(api.log.join()).not.toMatch(/48213377|tKq81/);
    },
  );

  it.each(['password-changed', 'address-changed', 'account-locked'])(
    'O4 %s needs no secret and does not expire',
    async (kind) => {
      const { secret: _secret, expiresAt: _expiresAt, ...document } = { ...otp, kind };
      const answer = await ask(document);
      expect(answer.status).toBe(202);
      const event = await eventOf(idOf(answer));
      expect(event).toMatchObject({ kind, at: now });
      expect(event.sealed).toBeUndefined();
    },
  );

  it.each([
    ['a test mail', 'kind', { kind: 'test' }],
    ['an unknown kind', 'kind', { kind: 'x' }],
    ['no expiry (O1)', 'expiresAt', { expiresAt: undefined }],
    ['no expiry (O3)', 'expiresAt', { kind: 'two-step-code', expiresAt: undefined }],
    ['no expiry (O2)', 'expiresAt', { kind: 'address-registration', expiresAt: undefined, secret: { link } }],
    ['a password valid for more than 300 seconds (O1)', 'expiresAt', { expiresAt: iso(now + 300_001) }],
    [
      'a link valid for more than 24 hours (O2)',
      'expiresAt',
      { kind: 'address-registration', expiresAt: iso(now + 86_400_001), secret: { link } },
    ],
    [
      'a code valid for more than 24 hours (O3)',
      'expiresAt',
      { kind: 'two-step-code', expiresAt: '9999-12-31T23:59:59Z' },
    ],
    ['an expiry before the issue', 'expiresAt', { expiresAt: iso(now) }],
    ['a time without an offset', 'issuedAt', { issuedAt: '2026-11-21T10:00:00' }],
    ['a time that has not come', 'issuedAt', { issuedAt: iso(now + 600_000), expiresAt: iso(now + 700_000) }],
    ['no secret', 'secret', { secret: undefined }],
    ['a link for a code', 'secret.code', { secret: { link } }],
    ['a code and a link', 'secret.link', { secret: { code: '1', link } }],
    ['a code that would break its line', 'secret.code', { secret: { code: '1\r\n2' } }],
    [
      'a link that is none',
      'secret.link',
      { kind: 'address-registration', secret: { link: 'javascript:x' } },
    ],
    ['a code that is markup', 'secret.code', { secret: { code: '<b>48213377</b>' } }],
    ['a code that is too long to type', 'secret.code', { secret: { code: '48213377'.repeat(5) } }],
    ['a secret of a kind without', 'secret', { kind: 'account-locked' }],
    ['a seal', 'sealed', { sealed: 'v1.a.b.c.d' }],
    ['an unknown brand', 'brand', { brand: 'nobody' }],
    ['a number from abroad', 'number', { number: '+14155550100' }],
    ['what is no address (C13)', 'recipient', { recipient: 'taro@example' }],
    [
      'a new address that breaks the rules (C13)',
      'recipient',
      { kind: 'address-registration', secret: { link }, recipient: 'a..b@example.jp' },
    ],
  ])('answers 422 to %s', async (_, path, wrong) => {
    const answer = await ask({ ...otp, ...wrong });
    expect(answer.status).toBe(422);
    expect(errorsOf(answer).map((error) => error.split(' ')[0])).toContain(path);
    expect(answer.text).not.toContain('48213377');
  });

  it.each([
    ['that anybody on the way can read', 'http://www.hikari.ntt-east.net/r/48213377'],
    ['that shows another site than it opens', 'https://www.hikari.ntt-east.net@evil.example/48213377'],
    ['that is too long', `https://www.hikari.ntt-east.net/${'48213377'.repeat(250)}`],
    ['with a space', 'https://www.hikari.ntt-east.net/48213377 x'],
    ['to nowhere', 'https://'],
  ])('answers 422 to a link %s: no mail would carry it (O2)', async (_, wrong) => {
    const answer = await ask({ ...otp, kind: 'address-registration', secret: { link: wrong } });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({
          path: 'secret.link',
          message: expect.stringContaining('expected a link beginning with https://') as string,
        }),
      ]) as unknown,
    });
    expect(answer.text).not.toContain('48213377');
  });

  it('C13 takes an address of earlier years where it is not a new one', async () => {
    expect((await ask({ ...otp, recipient: 'a..b@docomo.example.jp' })).status).toBe(202);
  });

  it('makes a repeat with the same Idempotency-Key harmless', async () => {
    const key = { 'idempotency-key': uniqueName('key') };
    const answers = await Promise.all([ask(otp, key), ask(otp, key), ask(otp, key)]);
    const again = await ask(otp, key);
    expect(new Set([...answers, again].map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set([...answers, again].map(idOf)).size).toBe(1);
    await recordOf(idOf(again));
    const other = await ask(otp, { 'idempotency-key': uniqueName('key') });
    await recordOf(idOf(other));
    expect(idOf(other)).not.toBe(idOf(again));
  });

  it('takes an Idempotency-Key that is forgotten, and comes with another document, for another mail', async () => {
    const key = uniqueName('key');
    const first = await ask(otp, { 'idempotency-key': key });
    const redis = await openRedis({ keyPrefix: api.prefix });
    for (const { key: name, node } of await keysOf(redis))
      if (name.includes('idempotency:')) await node.del(name);
    const later = await ask({ ...otp, issuedAt: iso(now + 1_000) }, { 'idempotency-key': key });
    expect([first.status, later.status]).toEqual([202, 202]);
    expect(idOf(later)).not.toBe(idOf(first));
  });

  it('answers 422 to an Idempotency-Key that came with another document, or is none', async () => {
    const key = { 'idempotency-key': uniqueName('key') };
    expect((await ask(otp, key)).status).toBe(202);
    const reused = await ask({ ...otp, recipient: 'hanako@example.jp' }, key);
    expect([reused.status, ...errorsOf(reused)]).toEqual([422, 'headers.idempotency-key key-reused']);
    const none = await ask(otp, { 'idempotency-key': 'x'.repeat(256) });
    expect([none.status, ...errorsOf(none)]).toEqual([422, 'headers.idempotency-key text']);
  });
});

describe('C13 an address of earlier years', () => {
  it('is read back with a warning, may stay where it is stored, and goes nowhere else', async () => {
    const redis = await openRedis({ keyPrefix: api.prefix });
    const repository = createSettingsRepository(redis, await checkDurability(redis));
    closeLater(() => repository.close());

    const number = await knownNumber();
    const path = `/v1/numbers/${number}/fax-notice`;
    const old = { address: 'taro..@docomo.example.jp', enabled: true };
    await repository.putSection(number, 'faxNotice', { enabled: true, recipients: [old] });
    const read = await api.ask('get', path);
    expect(read.body).toEqual({
      enabled: true,
      recipients: [{ ...old, warning: expect.stringContaining('earlier years') as string }],
    });
    // What was read can be written back as it is, and changed around the old address.
    expect((await api.ask('put', path).send(read.body as object)).body).toEqual(read.body);
    const more = await api.ask('put', path).send({
      enabled: false,
      recipients: [
        { ...old, enabled: false },
        { address: 'new@example.jp', enabled: true },
      ],
    });
    expect(more.status).toBe(200);
    const elsewhere = await api.ask('put', `/v1/numbers/${number}/call-notice`).send({
      enabled: false,
      targetCallersOnly: false,
      unansweredOnly: false,
      recipients: [old],
      targetCallers: [],
    });
    expect(elsewhere.status).toBe(422);
    expect(
      (await api.ask('post', `/v1/numbers/${number}/test-mail`).send({ address: old.address })).status,
    ).toBe(202);
    await api.ask('put', path).send({ enabled: false, recipients: [] }).expect(200);
    expect((await api.ask('put', path).send({ enabled: true, recipients: [old] })).status).toBe(422);
  });
});
