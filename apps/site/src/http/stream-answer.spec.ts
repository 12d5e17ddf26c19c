import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { closeLater } from '../../../../test/support/close-later.ts';
import type { SiteRequest } from './site-request.ts';
import { streamAnswer } from './stream-answer.ts';

/** Answers with a stream, which may stall for 50 ms; resolves with the answer as a browser gets it, not read yet. */
async function asked(stream: Readable): Promise<NodeJS.ReadableStream> {
  const server = createServer((request, response) => {
    streamAnswer(request as SiteRequest, response, { stream, headers: {} }, 50)
      .getStream()
      .pipe(response);
  }).listen(0, '127.0.0.1');
  closeLater(() => server.close());
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  closeLater(() => request.destroy());
  const [answer] = (await once(request, 'response')) as [NodeJS.ReadableStream];
  answer.on('error', () => undefined);
  return answer;
}

describe('F2 a download that stalls', () => {
  it('is closed when the browser does not read on', async () => {
    const endless = new Readable({ read: () => void endless.push(Buffer.alloc(65_536)) });
    const closed = once(endless, 'close');
    await asked(endless);
    await closed;
    expect(endless.destroyed).toBe(true);
  });

  it('is closed, and the connection with it, when the store gives nothing more', async () => {
    const stalled = new Readable({ read: () => undefined });
    stalled.push('%PDF');
    const answer = await asked(stalled);
    const cut = once(answer.resume(), 'aborted');
    await Promise.all([cut, once(stalled, 'close')]);
    expect(stalled.destroyed).toBe(true);
  });
});
