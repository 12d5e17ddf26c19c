import tls from 'node:tls';
import type { MailSender, SendResult } from '#mail';
import { certificate } from '../support/certificate.ts';
import { eventually } from '../support/eventually.ts';
import type { FaultRule } from '../support/smtp-fault-rules.ts';
import { go, testFaultServer, testMail, testSender } from '../support/smtp-sender.ts';

const SLOW_MS = 1_000;
/** A server counts as silent after a fifth of what the slow one takes. */
const TIMEOUTS = { greetingMs: 30_000, tlsMs: 10_000, commandMs: 30_000, dataMs: 30_000, silentMs: 200 };

const trusted = await certificate('localhost');
tls.setDefaultCACertificates([...tls.getCACertificates('default'), trusted.cert]);

type SenderOptions = NonNullable<Parameters<typeof testSender>[1]>;

/** A sender that records when the server counts as silent and how many mails wait long. */
function watchedSender(
  port: number,
  options: SenderOptions = {},
): { sender: MailSender; silences: Error[]; slow: number[] } {
  const silences: Error[] = [];
  const slow: number[] = [];
  const sender = testSender(port, {
    timeouts: TIMEOUTS,
    onSilent: (error) => silences.push(error),
    onSlow: (mails) => slow.push(mails),
    ...options,
  });
  return { sender, silences, slow };
}

function slowAt(...stages: readonly FaultRule['at'][]): FaultRule[] {
  return stages.map((at) => ({ at, do: { afterMs: SLOW_MS } }));
}

/** Like the circuit breaker: a mail refused because the server is silent is sent again once a probe succeeds. */
async function sendAsGate(sender: MailSender): Promise<SendResult> {
  for (;;) {
    const result = await sender.send(testMail(), go);
    if (result.kind !== 'unavailable') return result;
    expect(await sender.probe()).toBeUndefined();
  }
}

describe('a server that is slow', () => {
  it.each<FaultRule['at']>(['mail', 'rcpt', 'data', 'dot'])(
    'at %s gets every mail once, without undue delay',
    async (at) => {
      const server = await testFaultServer({ rules: slowAt(at) });
      const { sender } = watchedSender(server.port, { connections: 4 });
      const sending = Array.from({ length: 8 }, () => sendAsGate(sender));
      const results = await Promise.all(sending);
      expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
      expect(server.taken).toHaveLength(8);
    },
  );

  it('to greet is waited for, and does not count as silent a second time', async () => {
    const server = await testFaultServer({ rules: slowAt('greeting') });
    const { sender, silences } = watchedSender(server.port);
    expect(await sender.send(testMail(), go)).toMatchObject({
      kind: 'unavailable',
      error: { code: 'SMTP_SILENT' },
    });
    expect(await sender.probe()).toBeUndefined();
    server.setRules(...slowAt('rcpt', 'dot'));
    for (let mail = 0; mail < 2; mail += 1)
      expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(silences).toHaveLength(1);
  });

  it('at everything gets every mail once, over the one connection that the circuit breaker allows at first', async () => {
    const rules = [
      ...slowAt('greeting', 'rcpt'),
      { at: 'dot' as const, oneIn: 3, do: { afterMs: 2 * SLOW_MS } },
    ];
    const server = await testFaultServer({ rules });
    const { sender } = watchedSender(server.port, { connections: 6 });
    const held = await Promise.all(Array.from({ length: 6 }, () => sender.send(testMail(), go)));
    expect(new Set(held.map(({ kind }) => kind))).toEqual(new Set(['unavailable']));
    sender.setConnectionLimit(1);
    const results = Array.from({ length: 6 }, () => sendAsGate(sender));
    for (const result of await Promise.all(results)) expect(result).toMatchObject({ kind: 'accepted' });
    expect(server.taken).toHaveLength(6);
  });

  it('to reply to one message keeps no other mail waiting for the only connection', async () => {
    const server = await testFaultServer({
      rules: [{ at: 'dot', recipient: 'slow@', do: { afterMs: 3 * SLOW_MS } }],
    });
    const { sender, slow } = watchedSender(server.port, { connections: 1 });
    let isAnswered = false;
    const slowOne = sender.send(testMail({ to: 'slow@example.jp' }), go).finally(() => (isAnswered = true));
    await eventually(() => server.taken.length === 1);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(isAnswered).toBe(false);
    expect(slow).toEqual([1]);
    expect(await slowOne).toMatchObject({ kind: 'accepted' });
    await eventually(() => slow.at(-1) === 0);
    expect(server.taken).toHaveLength(2);
  });
});

describe('a STARTTLS that is slow', () => {
  const timeouts = { ...TIMEOUTS, tlsMs: SLOW_MS / 4 };
  const auth = { user: 'notify', password: 'word' };

  it.each([
    ['where TLS is required', { requireTLS: true }],
    ['where a login is at stake', { auth }],
  ])('is waited for like anything else %s', async (_, address) => {
    const server = await testFaultServer({
      starttls: trusted,
      auth: { ...auth, methods: ['PLAIN'] },
      rules: slowAt('starttls'),
    });
    const { sender } = watchedSender(server.port, {
      timeouts,
      server: { host: 'localhost', auth, ...address },
    });
    expect(await sendAsGate(sender)).toMatchObject({ kind: 'accepted' });
  });

  it('is also waited for once the server is known to require TLS', async () => {
    const server = await testFaultServer({
      starttls: trusted,
      rules: [
        ...slowAt('starttls'),
        { at: 'mail', connection: 2, do: { reply: '530 5.7.0 Must issue a STARTTLS command first' } },
      ],
    });
    const { sender } = watchedSender(server.port, { timeouts: { ...timeouts, silentMs: 30_000 } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'unavailable' });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('is given up early where TLS is optional, long before any other time-out', async () => {
    const server = await testFaultServer({
      starttls: trusted,
      rules: [{ at: 'starttls', do: { hang: true } }],
    });
    const { sender } = watchedSender(server.port, { timeouts: { ...timeouts, silentMs: 30_000 } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(server.connections()).toBe(2);
  });
});

describe('a server that is silent', () => {
  it.each<FaultRule['at']>(['greeting', 'ehlo', 'mail', 'rcpt', 'data'])(
    'from %s on gets each mail once new connections succeed, although old ones stay silent',
    async (at) => {
      const server = await testFaultServer({ rules: [{ at, do: { hang: true } }] });
      // Long enough for three connections on a busy machine.
      const timeouts = { ...TIMEOUTS, silentMs: 2_000 };
      const { sender, silences } = watchedSender(server.port, { connections: 3, timeouts });
      const sending = Array.from({ length: 6 }, () => sender.send(testMail(), go));
      await eventually(() => silences.length > 0);
      server.setRules();
      expect(await sender.probe()).toBeUndefined();
      for (const result of await Promise.all(sending)) {
        if (result.kind === 'unavailable') expect(result.error).toMatchObject({ code: 'SMTP_SILENT' });
        else expect(result).toMatchObject({ kind: 'accepted' });
      }
      const accepted = (await Promise.all(sending)).filter(({ kind }) => kind === 'accepted');
      expect(server.taken).toHaveLength(accepted.length);
      if (at !== 'greeting' && at !== 'ehlo') expect(accepted.length).toBeGreaterThanOrEqual(3);
    },
  );

  it('on only some connections delays their mails no longer than the others take', async () => {
    const server = await testFaultServer({
      rules: [{ at: 'rcpt', recipient: 'lost@', times: 1, do: { hang: true } }],
    });
    const { sender, silences } = watchedSender(server.port, { connections: 2 });
    let isOver = false;
    const lost = sender.send(testMail({ to: 'lost@example.jp' }), go).finally(() => (isOver = true));
    while (!isOver) expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(await lost).toMatchObject({ kind: 'accepted' });
    expect(silences).toEqual([]);
  });

  it('is probed by new connections while old ones hang', async () => {
    const server = await testFaultServer({ rules: [{ at: 'greeting', times: 1, do: { hang: true } }] });
    const { sender } = watchedSender(server.port);
    expect(await sender.probe()).toBeUndefined();
    expect(server.connections()).toBe(2);
  });

  it('does not delay the closing of a sender beyond its grace period', async () => {
    const server = await testFaultServer({ rules: [{ at: 'dot', do: { hang: true }, taken: true }] });
    const { sender } = watchedSender(server.port);
    const sending = sender.send(testMail(), go);
    await eventually(() => server.taken.length === 1);
    await sender.close(100);
    expect(await sending).toMatchObject({ kind: 'in-doubt', error: { code: 'SMTP_SENDER_CLOSED' } });
  });
});
