import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createS3Store } from './create-s3-store.ts';
import type { FaxDocuments } from './fax-documents.ts';

const servers: Server[] = [];
const ANSWER_MS = 200;

/** A store on a server that answers like this. */
async function storeOn(answer: RequestListener): Promise<FaxDocuments> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const place = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-1', bucket: 'b', prefix: 'p/' };
  return createS3Store(place, { keyId: 'id', secret: 'secret' }, ANSWER_MS);
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const error =
  (status: number, code: string): RequestListener =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(`<Error><Code>${code}</Code></Error>`);

describe('F2 FAX documents in S3', () => {
  it('are asked for under the bucket and the prefix, signed, and without the secret', async () => {
    const asked: string[] = [];
    const store = await storeOn((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.end('%PDF');
    });
    const found = await store.open('f-1.pdf');
    expect(found && (await buffer(found.stream)).toString()).toBe('%PDF');
    expect(asked).toEqual([
      expect.stringMatching(
        /^GET \/b\/p\/f-1\.pdf AWS4-HMAC-SHA256 Credential=id\/\d{8}\/eu-1\/s3\/aws4_request, /,
      ),
    ]);
    expect(asked.join()).not.toContain('secret');
  });

  it.each([
    [404, 'NoSuchBucket', 'FAX_STORE_REFUSES'],
    [403, 'AccessDenied', 'FAX_STORE_REFUSES'],
    [503, 'SlowDown', 'FAX_STORE_UNAVAILABLE'],
    [429, 'TooManyRequests', 'FAX_STORE_UNAVAILABLE'],
    [500, 'InternalError', 'FAX_STORE_UNAVAILABLE'],
  ])('cannot be had when the server answers %p %p', async (status, code, expected) => {
    const store = await storeOn(error(status, code));
    const wanted = { code: expected, retryable: true, message: `The S3 server answers ${status} ${code}` };
    await expect(store.open('f-1.pdf')).rejects.toMatchObject(wanted);
    await expect(store.put('f-1.pdf', Buffer.from('x'))).rejects.toMatchObject(wanted);
  });

  it('are missing only where the server says so of the document', async () => {
    expect(await (await storeOn(error(404, 'NoSuchKey'))).open('f-1.pdf')).toBeUndefined();
  });

  it.each<[string, RequestListener]>([
    ['says nothing', () => undefined],
    ['breaks off', (request) => request.socket.destroy()],
    ['never ends its error', (_, response) => void response.writeHead(404).write('<Error>')],
    [
      'leads elsewhere',
      ({ url }, response) => {
        if (url === '/elsewhere') response.end('%PDF');
        else response.writeHead(307, { location: '/elsewhere' }).end();
      },
    ],
  ])('cannot be had when the server %s', async (_what, answer) => {
    await expect((await storeOn(answer)).open('f-1.pdf')).rejects.toMatchObject({
      code: 'FAX_STORE_UNAVAILABLE',
    });
  });

  it('take as long as they take once they have begun, and break off when the server does', async () => {
    const store = await storeOn((_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('%PDF');
      setTimeout(() => response.destroy(), 2 * ANSWER_MS);
    });
    const found = await store.open('f-1.pdf');
    expect(found?.bytes).toBe(10);
    await expect(buffer(found?.stream as NodeJS.ReadableStream)).rejects.toThrow('terminated');
  });

  it('let go of the server when the reader leaves', async () => {
    const left = Promise.withResolvers<void>();
    const store = await storeOn((_, response) => {
      response.on('close', left.resolve);
      response.writeHead(200).write('%PDF');
    });
    const found = await store.open('f-1.pdf');
    found?.stream.destroy();
    expect(await left.promise).toBeUndefined();
  });
});
