import { randomUUID } from 'node:crypto';
import { createSmtpSender, type ComposedMail, type MailSender, type SmtpSenderOptions } from '#mail';
import { closeLater } from './close-later.ts';
import { startSmtpFaultServer, type FaultServerOptions, type SmtpFaultServer } from './smtp-fault-server.ts';

type SenderOptions = Partial<Omit<SmtpSenderOptions, 'server'>> & {
  readonly server?: Partial<SmtpSenderOptions['server']>;
};

/** A sender to a local port, closed after the file. Timeouts are short unless `options` sets them. */
export function testSender(port: number, options: SenderOptions = {}): MailSender {
  const sender = createSmtpSender({
    connections: 1,
    timeouts: { greetingMs: 2_000, tlsMs: 2_000, commandMs: 2_000, dataMs: 2_000 },
    ...options,
    server: { host: '127.0.0.1', port, secure: false, requireTLS: false, ...options.server },
  });
  closeLater(() => sender.close());
  return sender;
}

/** A fault server in this process, stopped after the file. */
export async function testFaultServer(options: FaultServerOptions = {}): Promise<SmtpFaultServer> {
  const server = await startSmtpFaultServer(options);
  closeLater(() => server.stop());
  return server;
}

/** A complete mail with a unique Message-ID. */
export function testMail(fields: Partial<ComposedMail> & { readonly body?: string } = {}): ComposedMail {
  const { body = 'Hello\r\n', ...given } = fields;
  const messageId = `<${randomUUID()}@example.jp>`;
  const to = given.to ?? 'a@example.jp';
  const header = `From: b@example.jp\r\nTo: ${to}\r\nMessage-ID: ${given.messageId ?? messageId}\r\nSubject: test\r\n\r\n`;
  return {
    from: 'bounce+1@b.example.jp',
    to,
    messageId,
    message: Buffer.from(header + body, 'latin1'),
    ...given,
  };
}

/** A `beforeData` that always allows the message. */
export function go(): Promise<void> {
  return Promise.resolve();
}
