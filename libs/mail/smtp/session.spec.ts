import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Exchange } from './exchange.ts';
import { SmtpSession } from './session.ts';

const EXTENSIONS = { pipelining: true, dsn: false };
const MS = 2_000;

const closers: (() => void)[] = [];
afterAll(() => closers.forEach((close) => close()));

/** A session and the server's end of its connection, which reads nothing. */
async function testSession(): Promise<{ session: SmtpSession; socket: Socket; server: Socket }> {
  const listener = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const accepted = once(listener, 'connection');
  const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const [server] = (await accepted) as [Socket];
  await once(socket, 'connect');
  server.on('error', () => undefined);
  closers.push(() => {
    socket.destroy();
    server.destroy();
    listener.close();
  });
  return { session: new SmtpSession(socket, EXTENSIONS), socket, server };
}

function say(session: SmtpSession, bytes: number, envelopes: number): Promise<Exchange[]> {
  const message = session.exchange([Buffer.alloc(bytes, 'x'), Buffer.from('\r\n.\r\n')], 1, MS);
  const behind = Array.from({ length: envelopes }, () => session.exchange('MAIL, RCPT, DATA\r\n', 3, MS));
  return Promise.all([message, ...behind]);
}

function codes({ replies }: Exchange): number[] {
  return replies.map(({ code }) => code);
}

describe('what was said in one turn', () => {
  it('leaves together at its end', async () => {
    const { session, socket } = await testSession();
    void say(session, 10, 1);
    expect(socket.writableLength).toBe('xxxxxxxxxx\r\n.\r\nMAIL, RCPT, DATA\r\n'.length);
    await turn();
    expect(socket.writableLength).toBe(0);
  });

  it('gets its own replies, in whatever pieces they come', async () => {
    const { session, server } = await testSession();
    const said = say(session, 10, 1);
    server.write('250 Ok\r\n250 Ok\r\n25');
    server.write('0 Ok\r\n354 Go on\r\n');
    const [message, envelope] = await said;
    expect(codes(message!)).toEqual([250]);
    expect(codes(envelope!)).toEqual([250, 250, 354]);
    expect([message!.ended, envelope!.ended]).toEqual([undefined, undefined]);
  });

  it('has not come to the server where something before it has no answer', async () => {
    const { session, server } = await testSession();
    const said = say(session, 10, 1);
    await turn();
    server.resetAndDestroy();
    const [message, envelope] = await said;
    expect(message).toMatchObject({ ended: { code: 'SMTP_DROPPED' }, written: true, isBehind: false });
    expect(envelope).toMatchObject({ ended: { code: 'SMTP_DROPPED' }, isBehind: true });
    expect(await session.exchange('NOOP\r\n', 1, MS)).toMatchObject({ written: false, isBehind: true });
  });

  it('may all have left when it was cut in the middle', async () => {
    const { session, server } = await testSession();
    const said = say(session, 32_000_000, 1);
    setTimeout(() => server.resetAndDestroy(), 50);
    expect((await said)[0]).toMatchObject({ ended: { code: 'SMTP_DROPPED' }, written: true });
  });

  it('has not left when only a part of a message that nothing follows did', async () => {
    const { session, server } = await testSession();
    const said = say(session, 32_000_000, 0);
    setTimeout(() => server.resetAndDestroy(), 50);
    expect((await said)[0]).toMatchObject({ ended: { code: 'SMTP_DROPPED' }, written: false });
  });

  it('has not left when the connection was over before', async () => {
    const { session, server } = await testSession();
    server.resetAndDestroy();
    const said = await say(session, 10, 1);
    expect(said).toMatchObject([{ written: false }, { written: false }]);
  });
});
