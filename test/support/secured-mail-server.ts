import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Certificate } from './certificate.ts';
import { closeLater } from './close-later.ts';

/** A mail that was accepted, and how it came. */
export interface SecuredMail {
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: string | undefined;
}

interface SecuredMailServer {
  readonly port: number;
  /** Gives it another certificate. Sessions that began before end at their next mail, as after a reload. */
  certify(certificate: Certificate): void;
}

/** Starts nodemailer's own server, with STARTTLS and the user `notify`; `mails` grows. It is stopped after the file. */
export async function startSecuredMailServer(
  certificate: Certificate,
  password: string,
  mails: SecuredMail[],
): Promise<SecuredMailServer> {
  const old = new Set<string>();
  const open = new Set<string>();
  const server = new SMTPServer({
    ...certificate,
    onConnect: ({ id }, done) => {
      open.add(id);
      done();
    },
    onAuth: ({ username, password: given }, _, done) =>
      username === 'notify' && given === password ? done(null, { user: username }) : done(new Error('Wrong')),
    onMailFrom: (_, { id }, done) => done(old.has(id) ? closing() : null),
    onData: keepIn(mails),
  });
  server.on('error', () => undefined);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  closeLater(() => new Promise<void>((closed) => server.close(() => closed())));
  const { port } = server.server.address() as { port: number };
  return {
    port,
    certify: (next) => {
      server.updateSecureContext({ ...next });
      for (const id of open) old.add(id);
    },
  };
}

const closing = (): Error => Object.assign(new Error('4.3.2 Closing, come again'), { responseCode: 421 });

function keepIn(mails: SecuredMail[]): NonNullable<SMTPServerOptions['onData']> {
  return (stream, session, done) => {
    stream.resume();
    stream.on('end', () => {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      mails.push({ to, secure: session.secure, user: session.user });
      done();
    });
  };
}
