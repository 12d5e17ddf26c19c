import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { GroupResult } from './command-group.ts';
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

function send(session: SmtpSession, bytes: number, envelopes: number): Promise<GroupResult[]> {
  const message = session.send([Buffer.alloc(bytes, 'x'), Buffer.from('\r\n.\r\n')], 1, MS);
  const envelopeResults = Array.from({ length: envelopes }, () =>
    session.send('MAIL, RCPT, DATA\r\n', 3, MS),
  );
  return Promise.all([message, ...envelopeResults]);
}

function codes({ replies }: GroupResult): number[] {
  return replies.map(({ code }) => code);
}

describe('command groups sent in one turn of the event loop', () => {
  it('leave together at its end', async () => {
    const { session, socket } = await testSession();
    void send(session, 10, 1);
    expect(socket.writableLength).toBe('xxxxxxxxxx\r\n.\r\nMAIL, RCPT, DATA\r\n'.length);
    await turn();
    expect(socket.writableLength).toBe(0);
  });

  it('each get their own replies, however these are split', async () => {
    const { session, server } = await testSession();
    const sent = send(session, 10, 1);
    server.write('250 Ok\r\n250 Ok\r\n25');
    server.write('0 Ok\r\n354 Go on\r\n');
    const [message, envelope] = await sent;
    expect(codes(message!)).toEqual([250]);
    expect(codes(envelope!)).toEqual([250, 250, 354]);
    expect([message!.ended, envelope!.ended]).toEqual([undefined, undefined]);
  });

  it('are not reached while an earlier one is unanswered', async () => {
    const { session, server } = await testSession();
    const sent = send(session, 10, 1);
    await turn();
    server.resetAndDestroy();
    const [message, envelope] = await sent;
    expect(message).toMatchObject({ ended: { code: 'SMTP_DROPPED' }, written: true, notReached: false });
    expect(envelope).toMatchObject({ ended: { code: 'SMTP_DROPPED' }, notReached: true });
    expect(await session.send('NOOP\r\n', 1, MS)).toMatchObject({ written: false, notReached: true });
  });

  it('may all have left when the write was cut in the middle', async () => {
    const { session, server } = await testSession();
    const sent = send(session, 32_000_000, 1);
    setTimeout(() => server.resetAndDestroy(), 50);
    expect((await sent)[0]).toMatchObject({ ended: { code: 'SMTP_DROPPED' }, written: true });
  });

  it('have not left when only a part of a message did and nothing follows it', async () => {
    const { session, server } = await testSession();
    const sent = send(session, 32_000_000, 0);
    setTimeout(() => server.resetAndDestroy(), 50);
    expect((await sent)[0]).toMatchObject({ ended: { code: 'SMTP_DROPPED' }, written: false });
  });

  it('have not left when the connection had already ended', async () => {
    const { session, server } = await testSession();
    server.resetAndDestroy();
    const sent = await send(session, 10, 1);
    expect(sent).toMatchObject([{ written: false }, { written: false }]);
  });
});
