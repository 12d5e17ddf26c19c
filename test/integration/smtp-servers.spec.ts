import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { certificate } from '../support/certificate.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';
import { smtpUrl } from '../support/servers.ts';
import { go, testFaultServer, testMail, testSender } from '../support/smtp-sender.ts';
import { uniqueName } from '../support/unique-name.ts';

const PASSWORD = 'p@ss wörd 9f2c';
const AUTH = { user: 'notify', password: PASSWORD };

const trusted = await certificate('localhost');
const untrusted = await certificate('localhost');
const otherName = await certificate('mail.example.jp');
tls.setDefaultCACertificates([...tls.getCACertificates('default'), trusted.cert, otherName.cert]);

interface Got {
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

/** nodemailer's own server with these options, and what it got. */
async function realServer(options: SMTPServerOptions): Promise<{ port: number; got: Got[] }> {
  const got: Got[] = [];
  const server = new SMTPServer({
    onAuth: ({ username, password, method }, _, done) =>
      username === AUTH.user && password === AUTH.password
        ? done(null, { user: `${username} by ${method}` })
        : done(new Error(`Wrong: ${password}`)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        got.push({
          raw: Buffer.concat(chunks).toString('latin1'),
          secure: session.secure,
          user: session.user,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closeLater(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, got };
}

const host = 'localhost';

describe('the inbox', () => {
  it('shows mails as they were sent, many at once, to quoted addresses too', async () => {
    const url = new URL(smtpUrl());
    const sender = testSender(Number(url.port), { connections: 5 });
    const to = `${uniqueName('smtp')}@example.jp`;
    const body = '.\r\n..\r\n着信がありました\r\n.'.replace('着信がありました', '=E7=9D=80');
    const mails = Array.from({ length: 50 }, () => testMail({ to, body }));
    for (const result of await Promise.all(mails.map((mail) => sender.send(mail, go)))) {
      expect(result).toMatchObject({ kind: 'accepted', response: expect.stringMatching(/^250 /) });
    }
    const arrived = await eventually(async () => {
      const found = await mailsTo(to);
      return found.length === 50 && found;
    });
    const texts = await Promise.all(arrived.map(async ({ raw }) => (await simpleParser(raw)).messageId));
    expect(new Set(texts)).toEqual(new Set(mails.map(({ messageId }) => messageId)));
    expect(arrived[0]!.raw.toString()).toContain('\r\n\r\n.\r\n..\r\n=E7=9D=80\r\n.');
    const legacy = testMail({ to: `${randomUUID()}.@docomo.ne.jp` });
    expect(await sender.send(legacy, go)).toMatchObject({ kind: 'accepted' });
  });
});

describe('STARTTLS', () => {
  const upgraded = { secure: true, user: undefined };

  it('is used, and demanded by requireTLS, when the certificate can be trusted', async () => {
    const { port, got } = await realServer({ ...trusted, authOptional: true });
    const sender = testSender(port, { server: { host, requireTLS: true } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(got).toEqual([expect.objectContaining(upgraded)]);
  });

  it.each([
    ['a certificate that nobody signed', untrusted],
    ['the certificate of another host', otherName],
  ])('with %s is not good enough for requireTLS, nor for a password', async (_, options) => {
    const { port, got } = await realServer({ ...options, authOptional: true });
    const error = {
      code: 'SMTP_TLS',
      retryable: true,
      message: expect.stringMatching(/NODE_EXTRA_CA_CERTS/),
    };
    for (const server of [
      { host, requireTLS: true },
      { host, auth: AUTH },
    ]) {
      const sender = testSender(port, { server });
      expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'unavailable', error });
    }
    expect(got).toEqual([]);
  });

  it('is opportunistic where neither is asked for: any certificate will do', async () => {
    const { port, got } = await realServer({ ...untrusted, authOptional: true });
    expect(await testSender(port, { server: { host } }).send(testMail(), go)).toMatchObject({
      kind: 'accepted',
    });
    expect(got).toEqual([expect.objectContaining(upgraded)]);
  });

  const broken = [
    ['hung up on', { starttls: untrusted, rules: [{ at: 'starttls', do: { close: true } }] }],
    ['not answered', { starttls: untrusted, rules: [{ at: 'starttls', do: { hang: true } }] }],
    ['a handshake without a certificate', { starttls: { key: '', cert: '' } }],
    [
      'refused',
      { starttls: untrusted, rules: [{ at: 'starttls', do: { reply: '454 4.7.0 TLS not available' } }] },
    ],
  ] as const;

  it.each(broken)(
    'that is %s is given up where it is not required, and not tried again',
    async (_, offer) => {
      const server = await testFaultServer(offer);
      const failures: Error[] = [];
      const sender = testSender(server.port, {
        mailsPerConnection: 1,
        timeouts: { greetingMs: 500, tlsMs: 500, commandMs: 500 },
        onTlsFailed: (error) => failures.push(error),
      });
      for (let mail = 0; mail < 3; mail += 1)
        expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
      expect(failures).toHaveLength(1);
      expect(server.lines.filter(({ line }) => line === 'STARTTLS')).toHaveLength(1);
      expect(server.connections()).toBe(4);
    },
  );

  it.each(broken)(
    'that is %s is never given up where it is required or a login is at stake',
    async (_, offer) => {
      const auth = { ...AUTH, methods: ['PLAIN'] };
      const server = await testFaultServer({ ...offer, auth });
      for (const asked of [{ requireTLS: true }, { auth: AUTH }, { requireTLS: true, auth: AUTH }]) {
        const sender = testSender(server.port, {
          server: { host, ...asked },
          timeouts: { greetingMs: 500, tlsMs: 500, commandMs: 500 },
        });
        expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'unavailable' });
      }
      expect(server.lines.filter(({ line }) => /^(MAIL|AUTH)/.test(line))).toEqual([]);
    },
  );

  it('is still wanted when a server that is away gives no mail in clear text either', async () => {
    const server = await testFaultServer({
      starttls: untrusted,
      rules: [
        { at: 'starttls', do: { close: true }, times: 1 },
        { at: 'greeting', connection: 2, do: { close: true } },
      ],
    });
    const sender = testSender(server.port);
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'unavailable' });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(server.lines.filter(({ line }) => line === 'STARTTLS')).toHaveLength(2);
  });

  it.each([
    ['530 5.7.0 Must issue a STARTTLS command first', { at: 'mail' }],
    ['538 5.7.11 Encryption required', { at: 'rcpt' }],
    ['451 5.7.3 STARTTLS is required to send mail', { at: 'mail' }],
  ] as const)('that fails once is not given up when the server then says %s', async (reply, { at }) => {
    const server = await testFaultServer({
      starttls: untrusted,
      rules: [
        { at: 'starttls', do: { close: true }, times: 1 },
        { at, connection: 2, do: { reply } },
      ],
    });
    const failures: Error[] = [];
    const sender = testSender(server.port, { onTlsFailed: (error) => failures.push(error) });
    expect(await sender.send(testMail(), go)).not.toMatchObject({ kind: 'accepted' });
    for (let mail = 0; mail < 2; mail += 1)
      expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(server.taken.map(({ connection }) => connection)).toEqual([3, 3]);
    expect(failures).toEqual([]);
  });

  it('that stays broken is the reason why a server that demands TLS cannot be used, for probes too', async () => {
    const server = await testFaultServer({
      starttls: untrusted,
      rules: [
        { at: 'starttls', do: { close: true } },
        { at: 'mail', do: { reply: '530 5.7.0 Must issue a STARTTLS command first' } },
      ],
    });
    const sender = testSender(server.port);
    expect(await sender.send(testMail(), go)).toMatchObject({
      kind: 'unavailable',
      error: { replyCode: 530 },
    });
    expect(await sender.probe()).toMatchObject({ code: 'SMTP_TLS' });
    server.setRules();
    expect(await sender.probe()).toBeUndefined();
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('is tried again when a server demands TLS that took mail without for a while', async () => {
    const server = await testFaultServer({
      starttls: untrusted,
      rules: [{ at: 'starttls', do: { close: true } }],
    });
    const sender = testSender(server.port, { connections: 2 });
    const both = await Promise.all([sender.send(testMail(), go), sender.send(testMail(), go)]);
    expect(both).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
    server.setRules({ at: 'mail', times: 1, do: { reply: '530 5.7.0 Must issue a STARTTLS command first' } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'unavailable' });
    const known = server.connections();
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(server.connections()).toBe(known + 1);
  });

  it.each([
    ['not offered', {}],
    ['refused', { starttls: trusted, rules: [{ at: 'starttls', do: { reply: '454 4.7.0 Not now' } }] }],
    ['hung up on', { starttls: trusted, rules: [{ at: 'starttls', do: { close: true } }] }],
  ] as const)('that is %s makes a server that needs it unusable', async (_, offer) => {
    const server = await testFaultServer(offer);
    const sender = testSender(server.port, { server: { host, requireTLS: true } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'unavailable' });
    expect(server.lines.filter(({ line }) => line.startsWith('MAIL'))).toEqual([]);
  });

  it('keeps PIPELINING and every fault: a drop behind the dot is a doubt over TLS too', async () => {
    const server = await testFaultServer({
      starttls: trusted,
      rules: [{ at: 'dot', do: { reset: true }, times: 1 }],
    });
    const sender = testSender(server.port, { server: { host, requireTLS: true } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'in-doubt' });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
  });

  it('cuts a message off over TLS too when its final dot has never left', async () => {
    const server = await testFaultServer({
      starttls: trusted,
      rules: [{ at: 'message', do: { hang: true }, times: 1 }],
    });
    const sender = testSender(server.port, {
      server: { host, requireTLS: true },
      timeouts: { dataMs: 1_000 },
    });
    const huge = testMail({ body: `${'x'.repeat(998)}\r\n`.repeat(20_000) });
    expect(await sender.send(huge, go)).toMatchObject({ kind: 'cut-off' });
  });
});

it('an error of the greeting quotes no more of a URL than its host', async () => {
  const server = await testFaultServer({
    rules: [
      { at: 'greeting', do: { reply: '554 5.7.1 See https://block.example/why?token=Zk3vQ0xJ7dPq2mT' } },
    ],
  });
  const error = await testSender(server.port).probe();
  expect(error).toMatchObject({ code: 'SMTP_GREETING' });
  expect(error?.message).toContain('https://block.example/***');
  expect(`${error?.stack} ${String(error?.cause)}`).not.toContain('Zk3vQ0xJ7dPq2mT');
});

describe('smtps', () => {
  it('speaks TLS from the first byte', async () => {
    const { port, got } = await realServer({ ...trusted, secure: true, authOptional: true });
    const sender = testSender(port, { server: { host, secure: true } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(got).toEqual([expect.objectContaining({ secure: true })]);
  });

  it('refuses a certificate that nobody signed, and a server that speaks no TLS', async () => {
    const { port } = await realServer({ ...untrusted, secure: true, authOptional: true });
    const plain = await testFaultServer();
    for (const to of [port, plain.port]) {
      const sender = testSender(to, { server: { host, secure: true } });
      expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'unavailable' });
    }
  });
});

describe('the login', () => {
  it('goes on to the next method when one that is announced is not known (504)', async () => {
    const server = await testFaultServer({
      auth: { ...AUTH, methods: ['LOGIN', 'PLAIN'] },
      rules: [{ at: 'auth', do: { reply: '504 5.5.4 Unrecognized authentication type' }, times: 1 }],
    });
    const sender = testSender(server.port, { server: { auth: AUTH } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    const tried = server.lines
      .filter(({ line }) => line.startsWith('AUTH'))
      .map(({ line }) => line.slice(0, 10));
    expect(tried).toEqual(['AUTH PLAIN', 'AUTH LOGIN']);
    expect(server.connections()).toBe(1);
  });

  const hideSTARTTLS = true;

  it.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('works by %s', async (method) => {
    const { port, got } = await realServer({
      hideSTARTTLS,
      authMethods: [method],
      onAuth: (auth, _, done) => {
        const isRight =
          (auth.method as string) === 'CRAM-MD5'
            ? auth.validatePassword(PASSWORD)
            : auth.password === PASSWORD;
        done(isRight ? null : new Error('Wrong'), { user: `${auth.username} by ${auth.method}` });
      },
    });
    const sender = testSender(port, { server: { auth: AUTH } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(got).toEqual([expect.objectContaining({ user: `notify by ${method}` })]);
  });

  it('goes through TLS', async () => {
    const { port, got } = await realServer(trusted);
    const sender = testSender(port, { server: { host, auth: AUTH, requireTLS: true } });
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'accepted' });
    expect(got).toEqual([expect.objectContaining({ secure: true, user: 'notify by PLAIN' })]);
  });

  it('that is refused makes the server unusable, and the error never shows the password', async () => {
    const methods = [['PLAIN'], ['LOGIN']];
    for (const authMethods of methods) {
      const { port } = await realServer({
        hideSTARTTLS,
        authMethods,
        onAuth: (auth, _, done) => done(new Error(`No ${auth.password}`)),
      });
      const echo = await testFaultServer({ auth: { user: 'x', password: 'y', methods: authMethods } });
      for (const to of [port, echo.port]) {
        const result = await testSender(to, { server: { auth: AUTH } }).send(testMail(), go);
        expect(result).toMatchObject({ kind: 'unavailable', error: { code: 'SMTP_LOGIN', replyCode: 535 } });
        if (result.kind !== 'unavailable') throw new Error('unreachable');
        const { cause, message, stack } = result.error;
        const shown = [message, stack, String(cause), (cause as Error).stack, JSON.stringify(result)].join();
        expect(shown).not.toContain(PASSWORD);
        expect(shown).not.toContain(Buffer.from(PASSWORD).toString('base64'));
        expect(shown).not.toContain(Buffer.from(`\0notify\0${PASSWORD}`).toString('base64'));
      }
    }
  });

  it.each([
    ['nothing', {}],
    ['only methods that we do not have', { auth: { ...AUTH, methods: ['GSSAPI', 'NTLM'] } }],
    ['no EHLO', { rules: [{ at: 'ehlo', do: { reply: '502 5.5.1 What?' }, times: 1 }] }],
  ] as const)('that SMTP_URL has is not left out where the server offers %s', async (_, offer) => {
    const server = await testFaultServer(offer);
    const sender = testSender(server.port, { server: { auth: AUTH } });
    const error = { code: 'SMTP_LOGIN', message: expect.stringMatching(/SMTP_URL has a login/) as string };
    expect(await sender.send(testMail(), go)).toMatchObject({ kind: 'unavailable', error });
    expect(server.lines.filter(({ line }) => /^(AUTH|MAIL)/.test(line))).toEqual([]);
  });

  it('that the server asks for and SMTP_URL does not have makes it unusable', async () => {
    const { port } = await realServer({ hideSTARTTLS });
    expect(await testSender(port).send(testMail(), go)).toMatchObject({
      kind: 'unavailable',
      error: { code: 'SMTP_LOGIN', replyCode: 530 },
    });
  });
});
