import request from 'supertest';
import { createActionLog } from '#operations';
import { createRegistry } from '#platform';
import { memoryOutbox, type MemoryOutbox } from '../../../../libs/operations/testing/memory-outbox.ts';
import { createApp } from '../create-app.ts';
import { openApiDocument } from '../openapi/document.ts';
import { awayParts } from '../testing/away-parts.ts';
import { RECORDED_OPERATIONS, UNRECORDED_OPERATIONS } from './recorded-operations.ts';

const NOW = Date.parse('2026-11-21T01:00:00Z');

/** An API of which every server is away, with room for so many records. */
async function opened(room?: number): Promise<{ ask: ReturnType<typeof asking>; outbox: MemoryOutbox }> {
  const outbox = memoryOutbox(room);
  const parts = awayParts([]);
  const app = await createApp({
    parts: { ...parts, actionLog: createActionLog({ outbox, now: () => NOW }) },
    tokens: [{ name: 'helpdesk', token: 'abc' }],
    checks: {},
    registry: createRegistry({ app: 'settings', version: '0' }),
    version: '0',
  });
  closing.push(() => app.close());
  return { ask: asking(app.getHttpServer() as Parameters<typeof request>[0]), outbox };
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const asking =
  (server: Parameters<typeof request>[0]) =>
  (method: 'put' | 'post' | 'delete' | 'get', path: string): request.Test =>
    request(server)[method](path).set('authorization', 'Bearer abc');

const RECORDED = { by: 'helpdesk', door: 'api', id: expect.any(String) as string, at: NOW };

describe('O6 the record of what the API changed', () => {
  it('knows every operation that is not a question', () => {
    const operations = Object.entries(openApiDocument('0').paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const changing = operations.filter((one) => !one.startsWith('GET '));
    expect([...Object.keys(RECORDED_OPERATIONS), ...UNRECORDED_OPERATIONS].toSorted()).toEqual(
      changing.toSorted(),
    );
  });

  it('says who refused what, from where', async () => {
    const { ask, outbox } = await opened();
    await ask('put', '/v1/lines/03-1234-5678').send({ brand: 'nobody' }).expect(422);
    expect(outbox.actions()).toEqual([
      {
        ...RECORDED,
        action: 'put-line',
        subject: '0312345678',
        result: 'refused',
        code: expect.any(String) as string,
        address: expect.stringContaining('127.0.0.1') as string,
      },
    ]);
  });

  it('says that nobody knows whether it was done when a server does not answer', async () => {
    const { ask, outbox } = await opened();
    await ask('delete', '/v1/lines/0312345678').expect(503);
    expect(outbox.actions()).toMatchObject([{ action: 'delete-line', result: 'unknown' }]);
  });

  it('repeats nothing of a path that is no number and no id', async () => {
    const { ask, outbox } = await opened();
    await ask('put', '/v1/numbers/hunter2/ip-phone-password').send({ password: 'x' });
    await ask('put', '/v1/self-care/taro@example.jp').send({}).expect(422);
    expect(outbox.actions().map(({ subject }) => subject)).toEqual([null, null]);
  });

  it('holds no question and no refused token', async () => {
    const { ask, outbox } = await opened();
    await ask('get', '/v1/lines/0312345678');
    await ask('post', '/v1/numbers/0312345678/dry-run').send({});
    await ask('put', '/v1/lines/0312345678').set('authorization', 'Bearer other').send({}).expect(401);
    expect(outbox.texts).toEqual([]);
  });

  it('has to be written first: while it cannot be, nothing is changed', async () => {
    const { ask } = await opened(0);
    const answer = await ask('put', '/v1/lines/0312345678').send({ brand: 'nobody' });
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
  });
});
