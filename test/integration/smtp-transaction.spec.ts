import { setImmediate as turn } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import type { FaultRule } from '../support/smtp-fault-rules.ts';
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
      'MAIL is deferred',
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
      'RCPT is deferred',
      { at: 'rcpt', do: { reply: '450-4.2.0 Grey\r\n450 4.2.0 listed' } },
      { kind: 'later', code: '450', response: '450 4.2.0 Grey listed' },
    ],
    [
      'RCPT is refused',
      { at: 'rcpt', do: { reply: '550 5.1.1 No such user' } },
      { kind: 'never', code: '550', cause: 'address' },
    ],
    ['DATA is deferred', { at: 'data', do: { reply: '451 4.3.0 Not now' } }, { kind: 'later', code: '451' }],
    [
      'DATA is refused',
      { at: 'data', do: { reply: '554 5.7.1 No' } },
      { kind: 'never', code: '554', cause: 'filtered' },
    ],
    [
      'the message is deferred',
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

  it('R4 is not sent when the permission is revoked while its envelope is being sent', async () => {
    const server = await testFaultServer({ pipelining, rules: [{ at: 'rcpt', do: { afterMs: 20 } }] });
    const sender = testSender(server.port);
    const superseded = new Error('superseded by the recovery');
    const beforeData = async (): Promise<'ask-again'> => {
      if (server.lines.some(({ line }) => line === 'DATA')) throw superseded;
      return 'ask-again';
    };
    await expect(sender.send(testMail(), beforeData)).rejects.toBe(superseded);
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

  it('is cut off, because its final dot was never sent', async () => {
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

  it('is answered when the server refuses it halfway', async () => {
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
  it('sends the envelope in one write and ends an unwanted DATA by a lone dot', async () => {
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

  it('reports the refusal even when the server then closes the connection', async () => {
    const server = await testFaultServer({
      rules: [
        { at: 'mail', do: { reply: '550 5.7.1 Go away' } },
        { at: 'data', do: { close: true } },
      ],
    });
    expect(await testSender(server.port).send(testMail(), go)).toMatchObject({ kind: 'later', code: '550' });
  });

  it('matches each reply of a pipelined envelope to its own command', async () => {
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
