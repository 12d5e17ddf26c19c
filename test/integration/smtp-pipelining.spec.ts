import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { MailSender, SendResult } from '#mail';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import type { FaultRule } from '../support/smtp-fault-rules.ts';
import type { SmtpFaultServer } from '../support/smtp-fault-server.ts';
import { go, testFaultServer, testMail, testSender } from '../support/smtp-sender.ts';

const HUGE = { body: `${'x'.repeat(998)}\r\n`.repeat(100) };
const PIPELINED = '\r\n.\r\nMAIL FROM';

/** A wiretap in front of the server. Records what the client writes, one string for each chunk that arrives. */
async function testWiretap(server: SmtpFaultServer): Promise<{ port: number; pieces: string[] }> {
  const pieces: string[] = [];
  const tap = createServer((client) => {
    const onward = connect(server.port, '127.0.0.1');
    closeLater(() => [client, onward].forEach((socket) => socket.destroy()));
    client.on('data', (piece: Buffer) => pieces.push(piece.toString('latin1')));
    client.on('error', () => onward.destroy());
    onward.on('error', () => client.destroy());
    client.pipe(onward).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(tap, 'listening');
  closeLater(() => tap.close());
  return { port: (tap.address() as AddressInfo).port, pieces };
}

/** Sends a mail first, to show that the server is quick: the mails after it may be pipelined. */
async function sendAll(
  sender: MailSender,
  ...mails: readonly (() => Promise<SendResult>)[]
): Promise<SendResult[]> {
  expect(await sender.send(testMail({ to: 'warm@example.jp' }), go)).toMatchObject({ kind: 'accepted' });
  return Promise.all(mails.map((send) => send()));
}

function sendPair(sender: MailSender, beforeSecond = go): Promise<SendResult[]> {
  return sendAll(
    sender,
    () => sender.send(testMail({ to: 'first@example.jp' }), go),
    () => sender.send(testMail({ to: 'second@example.jp' }), beforeSecond),
  );
}

function recipients(server: SmtpFaultServer): string[] {
  return server.taken.map(({ recipient }) => recipient.replace('@example.jp', ''));
}

/** The first and the second mail of a pair, for fault rules. */
const FIRST = { mail: 2, connection: 1 };
const SECOND = { mail: 3, connection: 1 };

describe('a pipelined envelope', () => {
  it('goes out in one write with the message ahead; a message that nothing follows goes out at once', async () => {
    const server = await testFaultServer({ rules: [{ at: 'dot', do: { afterMs: 5 } }] });
    const { port, pieces } = await testWiretap(server);
    const results = await sendPair(testSender(port));
    expect(results).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
    expect(recipients(server)).toEqual(['warm', 'first', 'second']);
    const messages = pieces.filter((piece) => piece.includes('\r\n.\r\n'));
    const ends = messages.map((piece) => piece.slice(piece.indexOf('\r\n.\r\n') + 5));
    expect(ends).toEqual(['', expect.stringMatching(/^MAIL .*\r\nRCPT .*\r\nDATA\r\n$/), '']);
  });

  it.each<[string, object, object, object?]>([
    ['to a server without PIPELINING', { pipelining: false }, {}],
    ['behind a message that may be cut in the middle', {}, {}, HUGE],
    ['to a server that took long for the last one', { rules: [{ at: 'dot', do: { afterMs: 150 } }] }, {}],
    ['once the connection has carried its mails', {}, { mailsPerConnection: 2 }],
  ])('is not sent %s', async (_title, offer, options, first = {}) => {
    const server = await testFaultServer(offer);
    const { port, pieces } = await testWiretap(server);
    const sender = testSender(port, options);
    const results = await sendAll(
      sender,
      () => sender.send(testMail(first), go),
      () => sender.send(testMail(), go),
    );
    expect(results).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
    expect(pieces.filter((piece) => piece.includes(PIPELINED))).toEqual([]);
  });

  it('holds its message back until its own beforeData has resolved', async () => {
    const server = await testFaultServer();
    const mark = Promise.withResolvers<void>();
    const sending = sendPair(testSender(server.port), () => mark.promise);
    await eventually(() => server.lines.filter(({ line }) => line === 'DATA').length === 3);
    await delay(50);
    expect(recipients(server)).toEqual(['warm', 'first']);
    mark.resolve();
    expect(await sending).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
    expect(server.connections()).toBe(1);
  });

  it('has the usual time for its replies, from when the message ahead is answered', async () => {
    const server = await testFaultServer({
      rules: [
        { at: 'dot', ...FIRST, do: { afterMs: 300 } },
        { at: 'mail', ...SECOND, do: { afterMs: 600 } },
      ],
    });
    const sender = testSender(server.port, { timeouts: { commandMs: 800 } });
    expect(await sendPair(sender)).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
    server.setRules({ at: 'mail', mail: 6, do: { hang: true } });
    // Silence to its MAIL may mean that the server lost it: nothing of it can have been taken.
    expect(await sendPair(sender)).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
  });

  it('is sent on its own once the server is known to discard what follows a message', async () => {
    const server = await testFaultServer({ losesBehindDot: true });
    const { port, pieces } = await testWiretap(server);
    const sender = testSender(port, { connections: 2 });
    const hundred = Array.from({ length: 100 }, () => () => sender.send(testMail(), go));
    const results = await sendAll(sender, ...hundred);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    expect(server.taken).toHaveLength(101);
    const learned = pieces.filter((piece) => piece.includes(PIPELINED)).length;
    expect(learned).toBeGreaterThan(0);
    await Promise.all(hundred.map((send) => send()));
    expect(server.taken).toHaveLength(201);
    expect(pieces.filter((piece) => piece.includes(PIPELINED))).toHaveLength(learned);
  });
});

describe('a mail pipelined behind another', () => {
  it.each<[string, FaultRule['do'], object]>([
    ['deferred', { reply: '451 4.3.0 Not now' }, { kind: 'later', code: '451' }],
    ['refused', { reply: '554 5.7.1 Spam' }, { kind: 'never', code: '554', cause: 'filtered' }],
  ])('goes on when the one ahead is %s', async (_title, action, expected) => {
    const server = await testFaultServer({ rules: [{ at: 'dot', ...FIRST, do: action }] });
    expect(await sendPair(testSender(server.port))).toMatchObject([expected, { kind: 'accepted' }]);
    expect(recipients(server)).toEqual(['warm', 'second']);
    expect(server.connections()).toBe(1);
  });

  it.each<[string, FaultRule[], object]>([
    ['MAIL', [{ at: 'mail', do: { reply: '452 4.3.1 Full' } }], { kind: 'later', code: '452' }],
    ['RCPT', [{ at: 'rcpt', do: { reply: '550 5.1.1 No such user' } }], { kind: 'never', cause: 'address' }],
    ['DATA', [{ at: 'data', do: { reply: '451 4.3.0 Not now' } }], { kind: 'later', code: '451' }],
    [
      'RCPT, not at DATA',
      [
        { at: 'rcpt', do: { reply: '550 5.1.1 No such user' } },
        { at: 'data', do: { reply: '354 Go on all the same' } },
      ],
      { kind: 'never', cause: 'address' },
    ],
  ])(
    'can be refused at %s, and the next ones go over the same connection',
    async (_title, rules, expected) => {
      const server = await testFaultServer({ rules: rules.map((rule) => ({ ...rule, ...SECOND })) });
      const sender = testSender(server.port);
      expect(await sendPair(sender)).toMatchObject([{ kind: 'accepted' }, expected]);
      expect(await sendPair(sender)).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
      expect(recipients(server)).toEqual(['warm', 'first', 'warm', 'first', 'second']);
      expect(server.connections()).toBe(1);
    },
  );

  it.each<[string, FaultRule['do'], string]>([
    ['a close', { close: true }, 'SMTP_DROPPED'],
    ['a reset', { reset: true }, 'SMTP_DROPPED'],
    ['rubbish', { reply: 'rubbish' }, 'SMTP_PROTOCOL'],
  ])('takes another connection when the one ahead is in doubt after %s', async (_title, action, code) => {
    const server = await testFaultServer({ rules: [{ at: 'dot', ...FIRST, do: action, taken: true }] });
    let begun = 0;
    const results = await sendPair(testSender(server.port), async () => void (begun += 1));
    expect(results).toMatchObject([{ kind: 'in-doubt', error: { code } }, { kind: 'accepted' }]);
    expect(recipients(server)).toEqual(['warm', 'first', 'second']);
    expect(begun).toBe(1);
    expect(server.connections()).toBe(2);
  });

  it.each<[string, FaultRule[], object]>([
    [
      '421 to the message ahead',
      [{ at: 'dot', ...FIRST, do: { reply: '421 4.3.2 Going down' } }],
      { kind: 'cut-off', error: { code: 'SMTP_CLOSING' } },
    ],
    ['a close after that reply', [{ at: 'idle', ...FIRST, do: { close: true } }], { kind: 'accepted' }],
    [
      '421 to its MAIL',
      [{ at: 'mail', ...SECOND, do: { reply: '421 4.3.2 Going down' } }],
      { kind: 'accepted' },
    ],
  ])('takes another connection after %s', async (_title, rules, expected) => {
    const server = await testFaultServer({ rules });
    expect(await sendPair(testSender(server.port))).toMatchObject([expected, { kind: 'accepted' }]);
    expect(recipients(server).at(-1)).toBe('second');
    expect(server.connections()).toBe(2);
  });

  it.each<[string, FaultRule]>([
    ['421 to RCPT', { at: 'rcpt', do: { reply: '421 4.7.0 Slow down' } }],
    ['a close at DATA', { at: 'data', do: { close: true } }],
    ['250 to DATA', { at: 'data', do: { reply: '250 Ok' } }],
  ])('is cut off by %s, which does not affect the one ahead', async (_title, rule) => {
    const server = await testFaultServer({ rules: [{ ...rule, ...SECOND }] });
    const results = await sendPair(testSender(server.port));
    expect(results).toMatchObject([{ kind: 'accepted' }, { kind: 'cut-off' }]);
    expect(recipients(server)).toEqual(['warm', 'first']);
  });

  it('is cut off when the one ahead gets a reply out of sequence, because its own may be wrong too', async () => {
    const server = await testFaultServer({ rules: [{ at: 'dot', ...FIRST, do: { reply: '354 Go on' } }] });
    const results = await sendPair(testSender(server.port));
    expect(results).toMatchObject([{ kind: 'in-doubt' }, { kind: 'cut-off' }]);
    expect(recipients(server)).toEqual(['warm']);
  });

  it('that was too slow gets a connection to itself from then on', async () => {
    const server = await testFaultServer();
    const { port, pieces } = await testWiretap(server);
    const sender = testSender(port, { connections: 3 });
    const send = (to: string): Promise<SendResult> => sender.send(testMail({ to: `${to}@example.jp` }), go);
    await Promise.all([send('a'), send('b'), send('c')]);
    // While the second mail waits again, a third one sends its message.
    server.setRules(
      { at: 'dot', recipient: 'slow', do: { afterMs: 900 } },
      { at: 'rcpt', recipient: 'late', do: { afterMs: 700 } },
    );
    const results = await Promise.all([send('slow1'), send('slow2'), send('late'), send('second')]);
    expect(results.map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'accepted'));
    expect(server.connections()).toBe(3);
    expect(pieces.filter((piece) => piece.includes(PIPELINED))).toHaveLength(1);
  });

  it('can be revoked without harm to the one ahead and without an empty message', async () => {
    const server = await testFaultServer();
    const sender = testSender(server.port);
    const lost = new Error('somebody else has it');
    let first: Promise<SendResult> | undefined;
    const pair = sendAll(
      sender,
      () => (first = sender.send(testMail({ to: 'first@example.jp' }), go)),
      () => sender.send(testMail({ to: 'second@example.jp' }), () => Promise.reject(lost)),
    );
    await expect(pair).rejects.toBe(lost);
    expect(await first).toMatchObject({ kind: 'accepted' });
    expect(await sender.send(testMail({ to: 'next@example.jp' }), go)).toMatchObject({ kind: 'accepted' });
    expect(recipients(server)).toEqual(['warm', 'first', 'next']);
  });

  it.each<[string, FaultRule['do'], object]>([
    ['long', { afterMs: 900 }, { kind: 'accepted' }],
    ['forever', { hang: true }, { kind: 'in-doubt', error: { code: 'SMTP_TIMEOUT' } }],
  ])('does not wait when the server takes %s over the one ahead', async (_title, action, expected) => {
    // The second connection is being set up when the second mail begins, so that it is pipelined behind the first.
    const server = await testFaultServer({
      rules: [
        { at: 'dot', ...FIRST, do: action, taken: true },
        { at: 'greeting', connection: 2, do: { afterMs: 200 } },
      ],
    });
    const sender = testSender(server.port, { connections: 2 });
    const ended: string[] = [];
    let begun = 0;
    const send = async (to: string): Promise<SendResult> => {
      const mark = async (): Promise<void> => void (begun += 1);
      const result = await sender.send(testMail({ to: `${to}@example.jp` }), mark);
      ended.push(to);
      return result;
    };
    const results = await sendAll(
      sender,
      () => send('first'),
      () => send('second'),
    );
    expect(results).toMatchObject([expected, { kind: 'accepted' }]);
    expect(ended).toEqual(['second', 'first']);
    expect(begun).toBe(2);
    expect(recipients(server).toSorted()).toEqual(['first', 'second', 'warm']);
    await eventually(() => server.openConnections() === 1);
  });

  it('leaves an open envelope when it takes another connection, and nothing is sent after that', async () => {
    const server = await testFaultServer({
      rules: [
        { at: 'dot', ...FIRST, do: { afterMs: 700 } },
        { at: 'mail', ...SECOND, do: { afterMs: 50 } },
        { at: 'greeting', connection: 2, do: { afterMs: 200 } },
        { at: 'dot', connection: 2, do: { afterMs: 500 } },
      ],
    });
    const sender = testSender(server.port, { connections: 2 });
    const send = (to: string) => (): Promise<SendResult> =>
      sender.send(testMail({ to: `${to}@example.jp` }), go);
    const third = async (): Promise<SendResult> => (await delay(600), send('third')());
    const results = await sendAll(sender, send('first'), send('second'), third);
    expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(recipients(server)).toEqual(['warm', 'first', 'second', 'third']);
    expect(server.connections()).toBe(3);
  });
});

describe('connections that are never idle', () => {
  it('are replaced after their number of mails', async () => {
    const server = await testFaultServer();
    const sender = testSender(server.port, { mailsPerConnection: 5 });
    const results = await Promise.all(Array.from({ length: 20 }, () => sender.send(testMail(), go)));
    for (const { kind } of results) expect(kind).toBe('accepted');
    expect(server.connections()).toBe(4);
    expect(server.taken.map(({ connection }) => connection)).toEqual(
      Array.from({ length: 20 }, (_, index) => Math.floor(index / 5) + 1),
    );
  });

  it('become fewer when the circuit breaker lowers the limit', async () => {
    const server = await testFaultServer();
    const sender = testSender(server.port, { connections: 4, mailsPerConnection: 1_000_000 });
    let isOver = false;
    const pumps = Array.from({ length: 16 }, async () => {
      while (!isOver) expect((await sender.send(testMail(), go)).kind).toBe('accepted');
    });
    await eventually(() => server.openConnections() === 4);
    sender.setConnectionLimit(1);
    await eventually(() => server.openConnections() === 1);
    isOver = true;
    await Promise.all(pumps);
  });

  it('finish the mails that they carry when the sender is closed, and refuse waiting ones', async () => {
    const server = await testFaultServer({ rules: [{ at: 'dot', ...FIRST, do: { afterMs: 50 } }] });
    const sender = testSender(server.port);
    const pair = sendPair(sender);
    await eventually(() => server.taken.length === 2);
    const third = sender.send(testMail(), go);
    await sender.close();
    expect(await third).toMatchObject({ kind: 'unavailable', error: { code: 'SMTP_SENDER_CLOSED' } });
    expect(await pair).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
    await eventually(() => server.openConnections() === 0);
    expect(server.lines.at(-1)?.line).toBe('QUIT');
  });
});
