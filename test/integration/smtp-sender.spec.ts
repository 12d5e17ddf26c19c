import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import type { FaultRule } from '../support/smtp-fault-rules.ts';
import { startSmtpFaultProcess } from '../support/smtp-fault-process.ts';
import { go, testFaultServer, testMail, testSender } from '../support/smtp-sender.ts';

const SERVERS = [
  ['a server with PIPELINING', true],
  ['a server without', false],
] as const;

describe.each(SERVERS)('a mail to %s', (_, pipelining) => {
  it('arrives as it was, and the answer comes back', async () => {
    const server = await testFaultServer({ pipelining, keepMessages: true });
    const mail = testMail({ body: '.\r\n..two\r\n.\r\nQUIT\r\nend of it\r\n.' });
    expect(await testSender(server.port).send(mail, go)).toEqual({
      kind: 'accepted',
      response: '250 2.0.0 Ok: queued',
    });
    expect(server.taken).toEqual([
      expect.objectContaining({
        messageId: mail.messageId,
        from: mail.from,
        recipient: mail.to,
        answered: true,
      }),
    ]);
    expect(server.taken[0]!.message).toBe(`${mail.message.toString('latin1')}\r\n`);
  });

  it('goes over the connection of the one before', async () => {
    const server = await testFaultServer({ pipelining });
    const sender = testSender(server.port);
    for (let i = 0; i < 3; i += 1)
      expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(server.connections()).toBe(1);
  });

  it.each<[string, FaultRule, object]>([
    [
      'MAIL is put off',
      { at: 'mail', do: { reply: '452 4.3.1 Disk full' } },
      { kind: 'later', code: '452', response: '452 4.3.1 Disk full' },
    ],
    [
      'MAIL is refused',
      { at: 'mail', do: { reply: '550 5.1.1 Who is that?' } },
      { kind: 'later', code: '550', refusedUs: 'sender' },
    ],
    [
      'MAIL is refused for the size of the message',
      { at: 'mail', do: { reply: '552 5.3.4 Too big' } },
      { kind: 'never', code: '552', cause: 'ours' },
    ],
    [
      'MAIL needs a login',
      { at: 'mail', do: { reply: '530 5.7.0 Log in' } },
      { kind: 'unavailable', error: { code: 'SMTP_LOGIN', replyCode: 530 } },
    ],
    [
      'RCPT needs a login',
      { at: 'rcpt', do: { reply: '530 5.7.0 Log in' } },
      { kind: 'later', code: '530', refusedUs: 'login' },
    ],
    [
      'DATA needs a login',
      { at: 'data', do: { reply: '530 5.7.0 Log in' } },
      { kind: 'later', code: '530', refusedUs: 'login' },
    ],
    [
      'the message needs a login',
      { at: 'dot', do: { reply: '535 5.7.8 Log in' } },
      { kind: 'later', code: '535', refusedUs: 'login' },
    ],
    [
      'RCPT is put off',
      { at: 'rcpt', do: { reply: '450-4.2.0 Grey\r\n450 4.2.0 listed' } },
      { kind: 'later', code: '450', response: '450 4.2.0 Grey listed' },
    ],
    [
      'RCPT is refused',
      { at: 'rcpt', do: { reply: '550 5.1.1 No such user' } },
      { kind: 'never', code: '550', cause: 'address' },
    ],
    ['DATA is put off', { at: 'data', do: { reply: '451 4.3.0 Not now' } }, { kind: 'later', code: '451' }],
    [
      'DATA is refused',
      { at: 'data', do: { reply: '554 5.7.1 No' } },
      { kind: 'never', code: '554', cause: 'filtered' },
    ],
    [
      'the message is put off',
      { at: 'dot', do: { reply: '451 4.3.0 Not now' } },
      { kind: 'later', code: '451' },
    ],
    [
      'the message is refused',
      { at: 'dot', do: { reply: '554 5.7.1 Spam' } },
      { kind: 'never', code: '554', cause: 'filtered' },
    ],
  ])(
    'is answered when %s, and the next one goes over the same connection',
    async (_title, rule, expected) => {
      const server = await testFaultServer({ pipelining, rules: [{ ...rule, times: 1 }] });
      const sender = testSender(server.port);
      expect(await sender.send(testMail(), go)).toMatchObject(expected);
      expect(server.taken).toEqual([]);
      expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
      expect(server.taken).toHaveLength(1);
      expect(server.connections()).toBe(1);
    },
  );

  it.each<[string, FaultRule['at'], FaultRule['do'], string]>([
    ['421 to MAIL', 'mail', { reply: '421 4.3.2 Going down' }, 'SMTP_CLOSING'],
    ['421 to RCPT', 'rcpt', { reply: '421 4.7.0 Slow down' }, 'SMTP_CLOSING'],
    ['421 to DATA', 'data', { reply: '421 4.3.2 Going down' }, 'SMTP_CLOSING'],
    ['421 to the message', 'dot', { reply: '421 4.3.2 Going down' }, 'SMTP_CLOSING'],
    ['a close at MAIL', 'mail', { close: true }, 'SMTP_DROPPED'],
    ['a reset at MAIL', 'mail', { reset: true }, 'SMTP_DROPPED'],
    ['a close at RCPT', 'rcpt', { close: true }, 'SMTP_DROPPED'],
    ['a reset at RCPT', 'rcpt', { reset: true }, 'SMTP_DROPPED'],
    ['a close at DATA', 'data', { close: true }, 'SMTP_DROPPED'],
    ['silence at MAIL', 'mail', { hang: true }, 'SMTP_TIMEOUT'],
    ['silence at RCPT', 'rcpt', { hang: true }, 'SMTP_TIMEOUT'],
    ['silence at DATA', 'data', { hang: true }, 'SMTP_TIMEOUT'],
    ['rubbish to RCPT', 'rcpt', { reply: 'rubbish' }, 'SMTP_PROTOCOL'],
    ['250 to DATA', 'data', { reply: '250 Ok' }, 'SMTP_PROTOCOL'],
  ])('is cut off by %s, and nothing was taken', async (_title, at, action, code) => {
    const server = await testFaultServer({ pipelining, rules: [{ at, do: action, times: 1 }] });
    const sender = testSender(server.port, { timeouts: { commandMs: 300 } });
    expect(await sender.send(testMail(), go)).toMatchObject({
      kind: 'cut-off',
      error: { code, retryable: true },
    });
    expect(server.taken).toEqual([]);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it.each<[string, Omit<FaultRule, 'at'>, string]>([
    ['a close', { do: { close: true } }, 'SMTP_DROPPED'],
    ['a reset', { do: { reset: true } }, 'SMTP_DROPPED'],
    ['silence', { do: { hang: true } }, 'SMTP_TIMEOUT'],
    ['rubbish', { do: { reply: 'rubbish' } }, 'SMTP_PROTOCOL'],
    ['354', { do: { reply: '354 Go on' } }, 'SMTP_PROTOCOL'],
    ['half an answer', { do: { byteMs: 100 } }, 'SMTP_TIMEOUT'],
  ])('is in doubt after %s behind the final dot, whether it was taken or not', async (_title, rule, code) => {
    const server = await testFaultServer({
      pipelining,
      rules: [{ at: 'dot', ...rule, taken: true, times: 1 }],
    });
    const sender = testSender(server.port, { timeouts: { dataMs: 400 } });
    const mail = testMail();
    expect(await sender.send(mail, go)).toMatchObject({ kind: 'in-doubt', error: { code, retryable: true } });
    expect(server.taken.map((one) => one.messageId)).toEqual([mail.messageId]);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('is not sent when beforeData rejects; the server gets no message, not even an empty one', async () => {
    const server = await testFaultServer({ pipelining });
    const sender = testSender(server.port);
    const lost = new Error('somebody else has it');
    await expect(sender.send(testMail(), () => Promise.reject(lost))).rejects.toBe(lost);
    await expect(sender.send(testMail(), async () => (await turn(), Promise.reject(lost)))).rejects.toBe(
      lost,
    );
    expect(await sender.send(testMail({ to: 'next@example.jp' }), go)).toMatchObject({ kind: 'accepted' });
    expect(server.taken.map((mail) => mail.recipient)).toEqual(['next@example.jp']);
  });

  it('R4 is not sent when it is called back while its envelope is under way', async () => {
    const server = await testFaultServer({ pipelining, rules: [{ at: 'rcpt', do: { afterMs: 20 } }] });
    const sender = testSender(server.port);
    const told = new Error('the recovery told it');
    const beforeData = async (): Promise<'ask-again'> => {
      if (server.lines.some(({ line }) => line === 'DATA')) throw told;
      return 'ask-again';
    };
    await expect(sender.send(testMail(), beforeData)).rejects.toBe(told);
    expect(server.taken).toEqual([]);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('does not begin before beforeData has resolved', async () => {
    const server = await testFaultServer({ pipelining, keepMessages: true });
    const gate = Promise.withResolvers<void>();
    const sending = testSender(server.port).send(testMail(), () => gate.promise);
    await eventually(() => server.lines.some(({ line }) => line === 'DATA'));
    await turn();
    expect(server.taken).toEqual([]);
    gate.resolve();
    expect(await sending).toMatchObject({ kind: 'accepted' });
  });

  it('may wait for beforeData longer than a command may take', async () => {
    const server = await testFaultServer({ pipelining });
    const sender = testSender(server.port, { timeouts: { commandMs: 100 } });
    const late = new Promise<void>((resolve) => void setTimeout(resolve, 300));
    expect(await sender.send(testMail(), () => late)).toMatchObject({ kind: 'accepted' });
  });

  it('that is unfit reaches no server', async () => {
    const server = await testFaultServer({ pipelining });
    const sender = testSender(server.port);
    const unfit = { code: 'SMTP_MAIL_UNFIT', retryable: false };
    await expect(sender.send(testMail({ to: 'a@x.jp>\r\nRCPT TO:<evil@x.jp' }), go)).rejects.toMatchObject(
      unfit,
    );
    await expect(sender.send(testMail({ from: 'a@x.jp\r\nDATA' }), go)).rejects.toMatchObject(unfit);
    await expect(
      sender.send(testMail({ body: 'a\r.\r\nMAIL FROM:<evil@x.jp>\r\n' }), go),
    ).rejects.toMatchObject(unfit);
    expect(server.lines.filter(({ line }) => !line.startsWith('EHLO'))).toEqual([]);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('C13 with dots where none may be is quoted', async () => {
    const server = await testFaultServer({ pipelining });
    await testSender(server.port).send(testMail({ to: 'ab..cd.@docomo.ne.jp' }), go);
    expect(server.lines.map(({ line }) => line)).toContain('RCPT TO:<"ab..cd."@docomo.ne.jp>');
  });

  it('carries size and delivery status parameters where they are announced', async () => {
    const server = await testFaultServer({ pipelining, dsn: true, size: 0 });
    const mail = testMail({ messageId: '<1@x.jp>' });
    await testSender(server.port).send(mail, go);
    expect(server.lines.map(({ line }) => line)).toEqual(
      expect.arrayContaining([
        `MAIL FROM:<${mail.from}> SIZE=${mail.message.length} RET=HDRS ENVID=1@x.jp`,
        `RCPT TO:<${mail.to}> NOTIFY=FAILURE,DELAY`,
      ]),
    );
  });

  it('larger than the server takes is not even begun', async () => {
    const server = await testFaultServer({ pipelining, size: 50 });
    const result = await testSender(server.port).send(testMail(), go);
    expect(result).toMatchObject({ kind: 'never', code: '552', cause: 'ours' });
    expect(server.lines.filter(({ line }) => line.startsWith('MAIL'))).toEqual([]);
  });

  it('is understood however slowly the server answers', async () => {
    const rules = (['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'dot'] as const).map((at) => ({
      at,
      do: { byteMs: 1 },
    }));
    const server = await testFaultServer({ pipelining, rules });
    expect(await testSender(server.port).send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });
});

describe('a message that is being written when the connection ends', () => {
  const huge = (): Parameters<typeof testMail>[0] => ({ body: `${'x'.repeat(998)}\r\n`.repeat(20_000) });

  it('is cut off, for its final dot has never left', async () => {
    const server = await testFaultServer({ rules: [{ at: 'message', do: { hang: true }, times: 1 }] });
    const sender = testSender(server.port, { timeouts: { dataMs: 500 } });
    const result = await sender.send(testMail(huge()), go);
    expect(result).toMatchObject({ kind: 'cut-off', error: { code: 'SMTP_TIMEOUT' } });
    expect(server.taken).toEqual([]);
  });

  it.each<FaultRule['do']>([{ reset: true }, { close: true }, { reply: '421 4.3.2 Bye' }])(
    'is cut off by %j in the middle',
    async (action) => {
      const server = await testFaultServer({ rules: [{ at: 'message', do: action, times: 1 }] });
      const sender = testSender(server.port);
      expect(await sender.send(testMail(huge()), go)).toMatchObject({ kind: 'cut-off' });
      expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    },
  );

  it('is answered when the server refuses it in the middle', async () => {
    const server = await testFaultServer({
      rules: [{ at: 'message', do: { reply: '552 5.3.4 Too much' }, times: 1 }],
    });
    expect(await testSender(server.port).send(testMail(huge()), go)).toMatchObject({
      kind: 'never',
      code: '552',
    });
  });
});

describe('PIPELINING (RFC 2920)', () => {
  it('sends the envelope in one piece and ends an unwanted DATA by a lone dot', async () => {
    const server = await testFaultServer({
      rules: [
        { at: 'rcpt', do: { reply: '550 5.1.1 No such user' }, times: 1 },
        { at: 'data', do: { reply: '354 Go on all the same' }, times: 1 },
      ],
    });
    const sender = testSender(server.port);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'never', cause: 'address' });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(server.taken).toHaveLength(1);
    expect(server.connections()).toBe(1);
  });

  it('tells the refusal, even when the server closes behind it', async () => {
    const server = await testFaultServer({
      rules: [
        { at: 'mail', do: { reply: '550 5.7.1 Go away' } },
        { at: 'data', do: { close: true } },
      ],
    });
    expect(await testSender(server.port).send(testMail(), go)).toMatchObject({ kind: 'later', code: '550' });
  });

  it('takes each reply of an envelope in one write for that of its own command', async () => {
    const unknown = { reply: '550 5.1.1 User unknown' };
    const rcpt = { at: 'rcpt', do: unknown, times: 2 } as const;
    const server = await testFaultServer({ rules: [{ at: 'mail', do: unknown, times: 1 }, rcpt] });
    const sender = testSender(server.port);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'later', refusedUs: 'sender' });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'never', cause: 'address' });
  });

  it('waits for beforeData also when the envelope is refused', async () => {
    const server = await testFaultServer({ rules: [{ at: 'rcpt', do: { reply: '550 5.1.1 No' } }] });
    let isMarked = false;
    const marking = async (): Promise<void> => {
      await eventually(() => server.lines.some(({ line }) => line === 'DATA'));
      isMarked = true;
    };
    await testSender(server.port).send(testMail(), marking);
    expect(isMarked).toBe(true);
  });
});

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

  it('because nobody listens, then because its name has no address', async () => {
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

  it('refuses all that wait at once, and asks anew for the next', async () => {
    const server = await testFaultServer();
    await server.stop();
    const sender = testSender(server.port, { connections: 2 });
    const results = await Promise.all(Array.from({ length: 20 }, () => sender.send(testMail(), go)));
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['unavailable']));
    await server.start();
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('speaks HELO only, and can be used', async () => {
    const server = await testFaultServer({
      rules: [{ at: 'ehlo', do: { reply: '502 5.5.1 What?' }, times: 1 }],
    });
    expect(await testSender(server.port).send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });
});

describe('connections', () => {
  it('are at most as many as allowed, and mails wait for them in turn', async () => {
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

  it('become fewer at once and more again as the breaker says', async () => {
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

  it('are as many as ever once a probe finds the server back, however few it allowed as it went down', async () => {
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

  it('are closed when nobody has needed them for a while', async () => {
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

  it('given up by the server just when a mail begins are replaced; the mail goes once', async () => {
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

  it('are dropped when the server does not forget a refused transaction', async () => {
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
  it('lets what is under way finish, refuses what waits and what comes, and leaves no connection', async () => {
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
