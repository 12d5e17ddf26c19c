import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import type { FaultRule } from '../support/smtp-fault-rules.ts';
import { go, testFaultServer, testMail, testSender } from '../support/smtp-sender.ts';

describe('connections', () => {
  it('stay within the limit, and mails queue for them', async () => {
    const server = await testFaultServer({ rules: [{ at: 'dot', do: { afterMs: 5 } }] });
    const sender = testSender(server.port, { connections: 3 });
    const mails = Array.from({ length: 30 }, (_, index) => testMail({ to: `a${index}@example.jp` }));
    const done: number[] = [];
    await Promise.all(mails.map(async (mail, index) => (await sender.send(mail, go), done.push(index))));
    expect(server.connections()).toBe(3);
    expect(server.taken).toHaveLength(30);
    // In turn: nobody is overtaken by more than those that were under way at once.
    done.forEach((index, place) => expect(Math.abs(index - place)).toBeLessThan(3));
  });

  it('become fewer at once, and more again, as the circuit breaker sets the limit', async () => {
    const server = await testFaultServer();
    const sender = testSender(server.port, { connections: 8 });
    const burst = async (): Promise<void> => {
      await Promise.all(Array.from({ length: 40 }, () => sender.send(testMail(), go)));
    };
    await burst();
    expect(server.openConnections()).toBe(8);
    sender.setConnectionLimit(2);
    await eventually(() => server.openConnections() === 2);
    await burst();
    expect(server.connections()).toBe(8);
    sender.setConnectionLimit(4);
    await burst();
    expect(server.openConnections()).toBe(4);
    sender.setConnectionLimit(0);
    await burst();
    await eventually(() => server.openConnections() === 1);
  });

  it('are closed when their limit falls while all are busy', async () => {
    const server = await testFaultServer({ rules: [{ at: 'dot', do: { afterMs: 50 } }] });
    const sender = testSender(server.port, { connections: 4 });
    const sending = Array.from({ length: 8 }, () => sender.send(testMail(), go));
    await eventually(() => server.lines.filter(({ line }) => line === 'DATA').length === 4);
    sender.setConnectionLimit(1);
    for (const result of await Promise.all(sending)) expect(result.kind).toBe('accepted');
    await eventually(() => server.openConnections() === 1);
    expect(server.connections()).toBe(4);
  });

  it('serve all mails when the server allows fewer of them than we do', async () => {
    const busy = Array.from({ length: 20 }, (_, index) => index + 3);
    const rules = busy.map((connection) => ({
      at: 'greeting' as const,
      connection,
      do: { reply: '421 4.7.0 Too many connections' },
    }));
    const server = await testFaultServer({ rules: [{ at: 'dot', do: { afterMs: 2 } }, ...rules] });
    const sender = testSender(server.port, { connections: 10 });
    // Two are up before the others are asked for.
    await Promise.all([sender.send(testMail(), go), sender.send(testMail(), go)]);
    const results = await Promise.all(Array.from({ length: 40 }, () => sender.send(testMail(), go)));
    for (const result of results) expect(result.kind).toBe('accepted');
    expect(server.connections()).toBeLessThanOrEqual(10);
  });

  it('reach the full number once a probe finds the server back, however few it allowed while going down', async () => {
    const shutdown: FaultRule = { at: 'greeting', do: { reply: '421 4.3.2 Going down' } };
    const slow: FaultRule = { at: 'dot', do: { afterMs: 20 } };
    const server = await testFaultServer({ rules: [slow] });
    const sender = testSender(server.port, { connections: 6 });
    const burst = (): Promise<unknown> =>
      Promise.all(Array.from({ length: 30 }, () => sender.send(testMail(), go)));
    await sender.send(testMail(), go);
    server.setRules(slow, shutdown);
    await burst();
    expect(server.openConnections()).toBe(1);
    await server.stop();
    server.setRules(slow);
    await server.start();
    expect(await sender.probe()).toBeUndefined();
    await burst();
    expect(server.openConnections()).toBe(6);
  });

  it('are replaced after their number of mails', async () => {
    const server = await testFaultServer();
    const sender = testSender(server.port, { mailsPerConnection: 2 });
    for (let i = 0; i < 5; i += 1) await sender.send(testMail(), go);
    expect(server.connections()).toBe(3);
    expect(server.lines.filter(({ line }) => line === 'QUIT')).toHaveLength(2);
  });

  it('are closed after they have been idle for a while', async () => {
    const server = await testFaultServer();
    const sender = testSender(server.port, { idleMs: 100 });
    await sender.send(testMail(), go);
    await eventually(() => server.openConnections() === 0);
    expect(server.lines.at(-1)).toEqual({ connection: 1, line: 'QUIT' });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it.each<FaultRule['do']>([
    { reply: '421 4.4.2 Idle too long' },
    { close: true },
    { reset: true },
    { reply: '250 stray' },
  ])('that the server ends while idle (%j) harm no mail', async (action) => {
    const server = await testFaultServer({ rules: [{ at: 'idle', do: action }] });
    const sender = testSender(server.port);
    for (let i = 0; i < 10; i += 1) {
      let begun = 0;
      const result = await sender.send(testMail(), async () => void (begun += 1));
      expect(result).toMatchObject({ kind: 'accepted' });
      expect(begun).toBe(1);
    }
    expect(server.taken).toHaveLength(10);
  });

  it('closed by the server just as a mail begins are replaced, and the mail is sent once', async () => {
    const server = await testFaultServer({
      rules: [{ at: 'mail', mail: 2, do: { reply: '421 4.4.2 Idle too long' } }],
    });
    const sender = testSender(server.port);
    let begun = 0;
    for (let i = 0; i < 6; i += 1) {
      expect(await sender.send(testMail(), async () => void (begun += 1))).toMatchObject({
        kind: 'accepted',
      });
    }
    expect(begun).toBe(6);
    expect(server.taken).toHaveLength(6);
    expect(server.connections()).toBe(6);
  });

  it('that all broke while idle, as when the server restarts, harm no mail', async () => {
    const server = await testFaultServer({ rules: [{ at: 'dot', do: { afterMs: 20 } }] });
    const sender = testSender(server.port, { connections: 10 });
    const burst = (): Promise<{ kind: string }[]> =>
      Promise.all(Array.from({ length: 10 }, () => sender.send(testMail(), go)));
    await burst();
    await server.stop();
    await server.start();
    expect((await sender.probe())?.message).toBeUndefined();
    expect((await burst()).map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'accepted'));
    expect(server.connections()).toBe(20);
  });

  it('are not all used up by one mail that makes the server hang up', async () => {
    const server = await testFaultServer();
    const sender = testSender(server.port, { connections: 10 });
    server.setRules({ at: 'dot', do: { afterMs: 20 } });
    await Promise.all(Array.from({ length: 10 }, () => sender.send(testMail(), go)));
    server.setRules({ at: 'mail', do: { close: true } });
    expect(await sender.send(testMail(), go)).toMatchObject({
      kind: 'cut-off',
      error: { code: 'SMTP_DROPPED' },
    });
    expect(server.openConnections()).toBeGreaterThanOrEqual(7);
  });

  it('are dropped when the server refuses to reset a refused transaction', async () => {
    const server = await testFaultServer({
      rules: [
        { at: 'rcpt', do: { reply: '550 5.1.1 No' }, times: 1 },
        { at: 'rset', do: { reply: '500 5.5.2 What?' } },
      ],
    });
    const sender = testSender(server.port);
    await sender.send(testMail(), go);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(server.connections()).toBe(2);
  });
});

describe('closing the sender', () => {
  it('lets mails in progress finish, refuses waiting and new ones, and leaves no connection', async () => {
    const server = await testFaultServer({ rules: [{ at: 'dot', do: { afterMs: 50 } }] });
    const sender = testSender(server.port);
    const underWay = sender.send(testMail(), go);
    const waiting = sender.send(testMail(), go);
    await eventually(() => server.lines.some(({ line }) => line === 'DATA'));
    const closing = sender.close();
    const closed = { kind: 'unavailable', error: { code: 'SMTP_SENDER_CLOSED' } };
    expect(await waiting).toMatchObject(closed);
    expect(await sender.send(testMail(), go)).toMatchObject(closed);
    expect(await underWay).toMatchObject({ kind: 'accepted' });
    await closing;
    await eventually(() => server.openConnections() === 0);
    expect(server.lines.at(-1)?.line).toBe('QUIT');
  });

  it('gives up a connection that is being set up', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    closeLater(() => silent.close());
    const sender = testSender((silent.address() as AddressInfo).port, { timeouts: { greetingMs: 60_000 } });
    const connected = once(silent, 'connection');
    const sending = sender.send(testMail(), go);
    await connected;
    await sender.close();
    expect(await sending).toMatchObject({ kind: 'unavailable', error: { code: 'SMTP_SENDER_CLOSED' } });
  });
});
