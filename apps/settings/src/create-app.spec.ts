import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { KafkaError } from '#kafka';
import type { Brands } from '#mail';
import { createLogger, createRegistry } from '#platform';
import { RedisError, type SettingsRepository } from '#redis';
import { createApp } from './create-app.ts';

/** Every server behind the API is away: what can be answered without one is answered, the rest is 503. */
const away = (): Promise<never> => Promise.reject(new RedisError('REDIS_UNAVAILABLE', 'reading: refused'));
const repository: SettingsRepository = {
  getLine: away,
  putLine: away,
  deleteLine: away,
  getNumber: away,
  getSection: away,
  putSection: away,
  getFaultNotice: away,
  putFaultNotice: away,
};

const TOKEN = 'Bearer abc';
const LINE = '/v1/lines/0312345678';
const log: string[] = [];
let app: NestExpressApplication;
let broken: Error | undefined;

beforeAll(async () => {
  app = await createApp({
    parts: {
      repository,
      brands: new Map([['ntt-east', {}]]) as unknown as Brands,
      sendAccessMail: () =>
        Promise.reject(broken ?? new KafkaError('unacknowledged', 'no broker', { retryable: true })),
      testMailLimits: { take: away },
      idempotencyKeys: { begin: away, finish: away },
      now: () => Date.parse('2026-11-21T01:00:00Z'),
    },
    tokens: [{ name: 'site', token: 'abc' }],
    checks: { redis: () => 'does not answer' },
    registry: createRegistry({ app: 'settings', version: '0' }),
    logger: createLogger({
      app: 'settings',
      level: 'debug',
      destination: { write: (line) => void log.push(line) },
    }),
    version: '0',
  });
});
afterAll(() => app.close());
afterEach(() => {
  broken = undefined;
  log.length = 0;
});

const http = () => request(app.getHttpServer());
const put = (path = LINE) => http().put(path).set('authorization', TOKEN);
const line = { brand: 'ntt-east', numbers: [], contractor: 'x' };
const otp = {
  kind: 'one-time-password',
  number: '0312345679',
  brand: 'ntt-east',
  recipient: 'a@example.jp',
  issuedAt: '2026-11-21T10:00:00+09:00',
  expiresAt: '2026-11-21T10:05:00+09:00',
  secret: { code: '48213377' },
};

function expectProblem(answer: request.Response, status: number, code: string, path = ''): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toEqual({
    type: 'about:blank',
    title: expect.any(String) as string,
    status,
    errors: [{ path, code, message: expect.any(String) as string }],
  });
}

describe('the settings API, whatever is behind it', () => {
  it.each([undefined, 'Bearer abcd', 'Bearer', 'Basic abc'])('answers 401 to %s', async (authorization) => {
    const answer = await http()
      .get(LINE)
      .set(authorization === undefined ? {} : { authorization });
    expectProblem(answer, 401, 'unauthorized', 'headers.authorization');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    '/',
    '/v1/lines',
    '/v1/lines/0312345678/',
    '/v1/numbers/0312345678/calls',
    '/v1/lines/%zz',
    '/v2',
  ])('answers 404 at %s', async (path) =>
    expectProblem(await http().get(path).set('authorization', TOKEN), 404, 'no-such-path'),
  );

  it.each(['12', '110', 'abc', '09012345678901', '%20'])(
    'answers 404 to what nobody can have: %s',
    async (number) => {
      const answer = await http().get(`/v1/numbers/${number}/call-notice`).set('authorization', TOKEN);
      expectProblem(answer, 404, 'unknown-number');
    },
  );

  it.each([
    ['post', LINE, 'GET, PUT, DELETE, HEAD'],
    ['patch', LINE, 'GET, PUT, DELETE, HEAD'],
    ['delete', '/v1/numbers/0312345678/call-notice', 'GET, PUT, HEAD'],
    ['get', '/v1/access-mails', 'POST'],
    ['put', '/v1/numbers/0312345678/test-mail', 'POST'],
    ['post', '/openapi.json', 'GET, HEAD'],
  ] as const)('answers 405 to %s %s, and says what goes', async (method, path, allow) => {
    const answer = await http()[method](path).set('authorization', TOKEN);
    expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.allow).toBe(allow);
  });

  it.each(['{', '', '{"a":1,}', "{'a':1}", 'null x', '\u0000'])('answers 400 to %j', async (body) => {
    expectProblem(await put().type('application/json').send(body), 400, 'not-json');
  });

  it('answers 400 to no body at all, and to what is not UTF-8', async () => {
    expectProblem(await put(), 400, 'not-json');
    const latin1 = put().type('application/json');
    latin1.write(Buffer.from('{"contractor":"caf\xe9"}', 'latin1'));
    expectProblem(await latin1, 400, 'not-json');
  });

  it('answers 413 over 64 KiB, and reads exactly 64 KiB', async () => {
    const document = (size: number) => JSON.stringify({ ...line, contractor: 'x' }).padEnd(size, ' ');
    expectProblem(await put().type('json').send(document(65_537)), 413, 'too-large');
    expectProblem(await put().type('json').send(document(65_536)), 503, 'unavailable');
  });

  it('answers 413 to a body that does not say how long it is', async () => {
    const chunked = put().type('json').set('transfer-encoding', 'chunked');
    for (let sent = 0; sent < 66; sent++) chunked.write(' '.repeat(1024));
    expectProblem(await chunked, 413, 'too-large');
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/json; charset=shift_jis',
    'application/merge-patch+json',
    '/',
  ])('answers 415 to %s', async (type) => {
    const answer = await put().set('content-type', type).send('{}');
    expectProblem(answer, 415, 'media-type', 'headers.content-type');
  });

  it('answers 415 to a compressed body', async () => {
    const answer = await put().type('json').set('content-encoding', 'gzip').send('{}');
    expectProblem(answer, 415, 'media-type', 'headers.content-encoding');
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'reads %s',
    async (type) => {
      const answer = await put().set('content-type', type).send(JSON.stringify(line));
      expectProblem(answer, 503, 'unavailable');
    },
  );

  it.each([[[]], ['x'], [1], [true], ['null']])(
    'answers 422 to JSON that is no document: %j',
    async (body) => {
      const answer = await put()
        .type('json')
        .send(body === 'null' ? body : JSON.stringify(body));
      expectProblem(answer, 422, 'type');
    },
  );

  it('answers 422 with every error', async () => {
    const answer = await put().send({ brand: 'x', numbers: ['12', '0312345678'], more: 1 });
    expect(answer.status).toBe(422);
    const { errors } = answer.body as { errors: { path: string; code: string }[] };
    expect(errors.map(({ path, code }) => `${path} ${code}`).toSorted()).toEqual([
      'brand brand-unknown',
      'contractor required',
      'more unknown-field',
      'numbers.0 number-start',
    ]);
  });

  it('answers 422 to a new line under a number that cannot be one', async () => {
    expectProblem(await put('/v1/lines/12').send(line), 422, 'number-start', 'lineNumber');
  });

  it('answers 503 with Retry-After while Redis is away', async () => {
    const answer = await put().send(line);
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('5');
  });

  it('answers 503 with Retry-After while Kafka is away: 202 only when it has acknowledged', async () => {
    const answer = await http().post('/v1/access-mails').set('authorization', TOKEN).send(otp);
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers['retry-after']).toBe('5');
  });

  it('answers 500 to a bug of ours, telling the log alone', async () => {
    broken = new TypeError('x is not a function');
    const answer = await http().post('/v1/access-mails').set('authorization', TOKEN).send(otp);
    expectProblem(answer, 500, 'internal');
    expect(answer.text).not.toContain('x is not');
    expect(log.join()).toContain('x is not a function');
  });

  it('O5 logs the route, the client and the status, never a number, a code or an address', async () => {
    await http().post('/v1/access-mails').set('authorization', TOKEN).send(otp);
    await put('/v1/numbers/0312345678/call-notice').send({});
    expect(
      log.map((text) => JSON.parse(text) as { route?: string }).filter(({ route }) => route),
    ).toMatchObject([
      { client: 'site', method: 'POST', route: '/v1/access-mails', status: 503 },
      { client: 'site', method: 'PUT', route: '/v1/numbers/{number}/call-notice', status: 503 },
    ]);
    for (const told of ['0312345678', '0312345679', '48213377', 'a@example.jp', 'abc'])
      expect(log.join()).not.toContain(told);
  });

  it('serves health and metrics to anybody', async () => {
    expect((await http().get('/livez')).status).toBe(200);
    const ready = await http().get('/readyz');
    expect([ready.status, ready.body]).toEqual([
      503,
      { status: 'not-ready', reasons: [{ check: 'redis', reason: 'does not answer' }] },
    ]);
    const metrics = await http().get('/metrics');
    expect(metrics.text).toMatch(
      /^notify_http_seconds_count\{route="\/v1\/lines\/\{lineNumber\}",method="PUT",status="503"\}/m,
    );
    expect(metrics.text).not.toMatch(/03123456/);
  });
});
