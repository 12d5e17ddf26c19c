import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { newTraceContext, type TraceContext } from '#events';
import { bearerTokens } from './bearer-tokens.ts';
import { frontDoor } from './front-door.ts';
import { routeTable } from './route-table.ts';

const TOKEN = 'a-token-of-the-help-desk';

/** The traces of the requests that came, in the order of their coming. */
const traces: (TraceContext | undefined)[] = [];

const door = frontDoor({
  routes: routeTable({ '/v1/access-mails': { post: {} } }),
  authenticate: bearerTokens([{ name: 'desk', token: TOKEN }]),
  record: (_request, _response, { trace }) => {
    traces.push(trace);
    return trace;
  },
});
const server = createServer((asked, answer) => door(asked, answer, () => answer.end()));
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => void server.close(resolve)));

describe('the trace of a request', () => {
  it('is taken from whom we know, and from no stranger, who would choose what is sampled', async () => {
    const { traceparent } = newTraceContext();
    const ask = (): request.Test => request(url).post('/v1/access-mails').set('traceparent', traceparent);
    await ask().expect(401);
    await ask().auth('some-other-token', { type: 'bearer' }).expect(401);
    await ask().auth(TOKEN, { type: 'bearer' }).expect(200);
    expect(traces).toEqual([undefined, undefined, expect.objectContaining({ traceparent })]);
  });
});
