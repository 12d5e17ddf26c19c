import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { startSmtpFaultProcess } from '../support/smtp-fault-process.ts';
import type { FaultRule } from '../support/smtp-fault-rules.ts';
import { go, testFaultServer, testMail, testSender } from '../support/smtp-sender.ts';

describe('a server that cannot be used', () => {
  it.each<[string, FaultRule['at'], FaultRule['do'], string]>([
    ['greets with 4xx', 'greeting', { reply: '450 4.3.2 Busy' }, 'SMTP_GREETING'],
    ['greets with 5xx', 'greeting', { reply: '554 5.3.2 No service' }, 'SMTP_GREETING'],
    ['greets with 421', 'greeting', { reply: '421 4.3.2 Too many connections' }, 'SMTP_GREETING'],
    ['greets with rubbish', 'greeting', { reply: 'SSH-2.0-OpenSSH' }, 'SMTP_GREETING'],
    ['closes before the greeting', 'greeting', { close: true }, 'SMTP_CONNECT'],
    ['resets before the greeting', 'greeting', { reset: true }, 'SMTP_CONNECT'],
    ['does not greet', 'greeting', { hang: true }, 'SMTP_TIMEOUT'],
    ['greets for ever', 'greeting', { byteMs: 60 }, 'SMTP_TIMEOUT'],
    ['refuses EHLO and HELO', 'ehlo', { reply: '550 5.7.1 Who are you?' }, 'SMTP_GREETING'],
    ['says 421 to EHLO', 'ehlo', { reply: '421 4.3.2 Bye' }, 'SMTP_GREETING'],
    ['closes at EHLO', 'ehlo', { close: true }, 'SMTP_CONNECT'],
    ['is silent at EHLO', 'ehlo', { hang: true }, 'SMTP_TIMEOUT'],
    ['trickles at EHLO', 'ehlo', { byteMs: 100 }, 'SMTP_TIMEOUT'],
  ])('because it %s', async (_title, at, action, code) => {
    const server = await testFaultServer({ rules: [{ at, do: action }] });
    const sender = testSender(server.port, { timeouts: { greetingMs: 400, commandMs: 400 } });
    let isBegun = false;
    const result = await sender.send(testMail(), async () => void (isBegun = true));
    expect(result).toMatchObject({ kind: 'unavailable', error: { code, retryable: true } });
    expect(isBegun).toBe(false);
    expect(await sender.probe()).toMatchObject({ code });
    server.setRules();
    expect(await sender.probe()).toBeUndefined();
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('because nobody listens, or because its name has no address', async () => {
    const server = await testFaultServer();
    await server.stop();
    expect(await testSender(server.port).send(testMail(), go)).toMatchObject({
      kind: 'unavailable',
      error: {
        code: 'SMTP_CONNECT',
        message: expect.stringMatching(/^Mail server 127\.0\.0\.1:\d+: .*ECONNREFUSED/),
      },
    });
    const nowhere = testSender(25, { server: { host: 'no-such-host.invalid' } });
    expect(await nowhere.send(testMail(), go)).toMatchObject({
      kind: 'unavailable',
      error: { code: 'SMTP_DNS' },
    });
  });

  it('makes all waiting mails fail at once, and is tried again for the next one', async () => {
    const server = await testFaultServer();
    await server.stop();
    const sender = testSender(server.port, { connections: 2 });
    const results = await Promise.all(Array.from({ length: 20 }, () => sender.send(testMail(), go)));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['unavailable']));
    await server.start();
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('is not one that knows only HELO', async () => {
    const server = await testFaultServer({
      rules: [{ at: 'ehlo', do: { reply: '502 5.5.1 What?' }, times: 1 }],
    });
    expect(await testSender(server.port).send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });
});

describe('a server that dies', () => {
  it('by SIGKILL under load leaves no mail both unanswered and undoubted', async () => {
    const server = await startSmtpFaultProcess();
    closeLater(() => server.close());
    const sender = testSender(server.port, { connections: 8 });
    const kinds = new Map<string, string>();
    let isOver = false;
    const pump = async (): Promise<void> => {
      while (!isOver) {
        const mail = testMail();
        kinds.set(mail.messageId, (await sender.send(mail, go)).kind);
      }
    };
    const pumps = Array.from({ length: 20 }, pump);
    for (let round = 0; round < 3; round += 1) {
      const before = (await server.taken()).length;
      await eventually(async () => (await server.taken()).length > before + 200);
      await server.kill();
      await server.restart();
    }
    isOver = true;
    await Promise.all(pumps);
    const taken = new Set((await server.taken()).map(({ messageId }) => messageId));
    const ended = (...as: string[]): string[] =>
      [...kinds].flatMap(([id, kind]) => (as.includes(kind) ? id : []));
    expect(ended('accepted').filter((id) => !taken.has(id))).toEqual([]);
    expect(ended('cut-off', 'unavailable').filter((id) => taken.has(id))).toEqual([]);
    expect(taken.size).toBeGreaterThan(600);
  });

  it('by freezing is answered by time-outs, and the mails go when it thaws', async () => {
    const server = await startSmtpFaultProcess();
    closeLater(() => server.close());
    const sender = testSender(server.port, { timeouts: { greetingMs: 300, commandMs: 300, dataMs: 300 } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    server.freeze();
    expect(await sender.send(testMail(), go)).toMatchObject({
      kind: 'cut-off',
      error: { code: 'SMTP_TIMEOUT' },
    });
    expect(await sender.probe()).toMatchObject({ code: 'SMTP_TIMEOUT' });
    server.thaw();
    expect(await sender.probe()).toBeUndefined();
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });
});
