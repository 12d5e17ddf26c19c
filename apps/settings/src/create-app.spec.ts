import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { createRegistry } from '#platform';
import { createApp } from './create-app.ts';
import { awayParts } from './testing/away-parts.ts';

const TOKEN = 'Bearer abc';
const LINE = '/v1/lines/0312345678';
const log: string[] = [];
let app: NestExpressApplication;
let broken: Error | undefined;
/** Every server behind the API is away: what can be answered without one is answered, the rest is 503. */
const parts = awayParts(log);

beforeAll(async () => {
  app = await createApp({
    parts: {
      ...parts,
      publishAccessMail: (...mail) =>
        broken === undefined ? parts.publishAccessMail(...mail) : Promise.reject(broken),
    },
    tokens: [{ name: 'site', token: 'abc' }],
    checks: { redis: () => 'does not answer' },
    registry: createRegistry({ app: 'settings', version: '0' }),
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

/** Status, code and path of a problem that has a single error and the form of RFC 9457. */
function told({ status, headers, body }: request.Response): (string | number)[] {
  const { errors, ...rest } = body as { errors: { path: string; code: string; message: string }[] };
  expect(headers['content-type']).toBe('application/problem+json');
  expect(rest).toEqual({ type: 'about:blank', title: expect.any(String) as string, status });
  return [status, ...errors.flatMap(({ path, code }) => (path ? [code, path] : [code]))];
}

describe('the settings API, whatever is behind it', () => {
  it.each([undefined, 'Bearer abcd', 'Bearer', 'Basic abc'])('answers 401 to %s', async (authorization) => {
    const answer = await http()
      .get(LINE)
      .set(authorization === undefined ? {} : { authorization });
    expect(told(answer)).toEqual([401, 'unauthorized', 'headers.authorization']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    '/',
    '/v1/lines',
    '/v1/lines/0312345678/',
    '/v1/numbers/0312345678/calls',
    '/v1/numbers/0312345678/access/delete',
    '/v1/lines/%zz',
    '/v2',
  ])('answers 404 at %s', async (path) =>
    expect(told(await http().get(path).set('authorization', TOKEN))).toEqual([404, 'no-such-path']),
  );

  it.each(['12', '110', 'abc', '09012345678901', '%20'])(
    'answers 404 to what nobody can have: %s',
    async (number) => {
      const answer = await http().get(`/v1/numbers/${number}/call-notice`).set('authorization', TOKEN);
      expect(told(answer)).toEqual([404, 'unknown-number']);
    },
  );

  it.each([
    ['post', LINE, 'GET, PUT, DELETE, HEAD'],
    ['patch', LINE, 'GET, PUT, DELETE, HEAD'],
    ['delete', '/v1/numbers/0312345678/call-notice', 'GET, PUT, HEAD'],
    ['get', '/v1/access-mails', 'POST'],
    ['put', '/v1/numbers/0312345678/test-mail', 'POST'],
    ['get', '/v1/numbers/0312345678/access/end-sessions', 'POST'],
    ['post', '/v1/self-care/taro', 'GET, PUT, DELETE, HEAD'],
    ['post', '/openapi.json', 'GET, HEAD'],
  ] as const)('answers 405 to %s %s, and says what goes', async (method, path, allow) => {
    const answer = await http()[method](path).set('authorization', TOKEN);
    expect(told(answer)).toEqual([405, 'method-not-allowed']);
    expect(answer.headers.allow).toBe(allow);
  });

  it.each(['{', '', '{"a":1,}', "{'a':1}", 'null x', '\u0000'])('answers 400 to %j', async (body) => {
    expect(told(await put().type('application/json').send(body))).toEqual([400, 'not-json']);
  });

  it('answers 400 to no body at all, and to what is not UTF-8', async () => {
    expect(told(await put())).toEqual([400, 'not-json']);
    const latin1 = put().type('application/json');
    latin1.write(Buffer.from('{"contractor":"caf\xe9"}', 'latin1'));
    expect(told(await latin1)).toEqual([400, 'not-json']);
  });

  it('answers 413 over 64 KiB, and reads exactly 64 KiB', async () => {
    const document = (size: number) => JSON.stringify({ ...line, contractor: 'x' }).padEnd(size, ' ');
    expect(told(await put().type('json').send(document(65_537)))).toEqual([413, 'too-large']);
    expect(told(await put().type('json').send(document(65_536)))).toEqual([503, 'unavailable']);
  });

  it('answers 413 to a body that does not say how long it is', async () => {
    const chunked = put().type('json').set('transfer-encoding', 'chunked');
    for (let sent = 0; sent < 66; sent++) chunked.write(' '.repeat(1024));
    expect(told(await chunked)).toEqual([413, 'too-large']);
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/json; charset=shift_jis',
    'application/json; a=b; charset=iso-8859-1',
    'application/json; charset',
    'application/merge-patch+json',
    '/',
  ])('answers 415 to %s', async (type) => {
    const answer = await put().set('content-type', type).send('{}');
    expect(told(answer)).toEqual([415, 'media-type', 'headers.content-type']);
  });

  it('answers 415 to a compressed body', async () => {
    const answer = await put().type('json').set('content-encoding', 'gzip').send('{}');
    expect(told(answer)).toEqual([415, 'media-type', 'headers.content-encoding']);
  });

  it.each([
    'application/json',
    'application/json;',
    'application/json; charset=utf-8',
    'application/json; charset=utf8',
    'Application/JSON;charset="UTF-8"',
    'application/json; profile="https://example.jp/line" ; charset=UTF-8',
  ])('reads %s', async (type) => {
    const answer = await put().set('content-type', type).send(JSON.stringify(line));
    expect(told(answer)).toEqual([503, 'unavailable']);
  });

  it.each([[[]], ['x'], [1], [true], ['null']])(
    'answers 422 to JSON that is no document: %j',
    async (body) => {
      const answer = await put()
        .type('json')
        .send(body === 'null' ? body : JSON.stringify(body));
      expect(told(answer)).toEqual([422, 'type']);
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
    expect(told(await put('/v1/lines/12').send(line))).toEqual([422, 'number-start', 'lineNumber']);
  });

  it('answers 503 with Retry-After while Redis is away', async () => {
    const answer = await put().send(line);
    expect(told(answer)).toEqual([503, 'unavailable']);
    expect(answer.headers['retry-after']).toBe('5');
  });

  it.each([
    ['get', '/v1/numbers/0312345678/access', undefined],
    ['post', '/v1/numbers/0312345678/access/end-sessions', undefined],
    ['post', '/v1/numbers/0312345678/temporary-password', { unit: 'line', password: '48291736' }],
    ['get', '/v1/self-care/taro', undefined],
    ['put', '/v1/self-care/taro', { numbers: ['05012345678'], address: 'a@example.jp', service: 'b2bua' }],
    ['delete', '/v1/self-care/taro', undefined],
  ] as const)(
    'A14 A15 answers 503 with Retry-After while Redis is away to %s %s',
    async (method, path, body) => {
      const asked = http()[method](path).set('authorization', TOKEN);
      const answer = await (body ? asked.send(body) : asked);
      expect(told(answer)).toEqual([503, 'unavailable']);
      expect(answer.headers['retry-after']).toBe('5');
    },
  );

  it('answers 503 with Retry-After while Kafka is away: 202 only when it has acknowledged', async () => {
    const answer = await http().post('/v1/access-mails').set('authorization', TOKEN).send(otp);
    expect(told(answer)).toEqual([503, 'unavailable']);
    expect(answer.headers['retry-after']).toBe('5');
  });

  it('answers 500 to a bug of ours, telling the log alone', async () => {
    broken = new TypeError('x is not a function');
    const answer = await http().post('/v1/access-mails').set('authorization', TOKEN).send(otp);
    expect(told(answer)).toEqual([500, 'internal']);
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

  it.each(['/livez', '/openapi.json', '/docs'])('answers HEAD as GET without its body: %s', async (path) => {
    const [head, get] = [await http().head(path), await http().get(path)];
    expect([head.status, head.headers['content-type'], head.text]).toEqual([
      200,
      get.headers['content-type'],
      undefined,
    ]);
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

describe('the page of the API', () => {
  it('comes with all that it needs from this server, and may talk to no other', async () => {
    const page = await http().get('/docs');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none';.*connect-src 'self'/);
    expect(page.headers['content-security-policy']).not.toMatch(/https?:|\*/);
    const needed = Array.from(page.text.matchAll(/(?:src|href)="([^"]+)"/g), ([, path = '']) => path);
    expect(needed.filter((path) => !path.startsWith('/docs/') && path !== 'data:,')).toEqual([]);
    for (const path of needed.filter((one) => one.startsWith('/')))
      expect((await http().get(path)).status).toBe(200);
    expect((await http().get('/docs/start.js')).text).toContain('/openapi.json');
  });

  it('shows the document that says what there is', async () => {
    const { status, body } = await http().get('/openapi.json');
    expect([status, (body as { openapi: string }).openapi]).toEqual([200, '3.1.1']);
  });
});
