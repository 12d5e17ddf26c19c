import { openSync, writeSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { FaultRules, type FaultRule } from './smtp-fault-rules.ts';
import { SmtpFaultSession, type FaultServerOffer, type TakenMail } from './smtp-fault-session.ts';

export interface FaultServerOptions extends FaultServerOffer {
  /** Any free port if 0 or absent. */
  readonly port?: number;
  readonly rules?: readonly FaultRule[];
  /** A file that gets a line of JSON for each accepted mail before the reply is sent, so that it survives SIGKILL. */
  readonly logFile?: string;
}

/** A mail server on 127.0.0.1 with configurable faults. */
export interface SmtpFaultServer {
  readonly port: number;
  /** The accepted mails in order. Grows while it runs. */
  readonly taken: readonly TakenMail[];
  /** The lines that clients sent, without messages. Grows while it runs. */
  readonly lines: readonly { readonly connection: number; readonly line: string }[];
  /** The number of connections so far. */
  connections(): number;
  /** The number of open connections. */
  openConnections(): number;
  /** Replaces all rules. */
  setRules(...rules: readonly FaultRule[]): void;
  /** Drops every connection and stops listening. */
  stop(): Promise<void>;
  /** Starts listening again, on the same port. */
  start(): Promise<void>;
}

/** Starts a fault server. Without rules it accepts every mail. */
export async function startSmtpFaultServer(options: FaultServerOptions = {}): Promise<SmtpFaultServer> {
  const rules = new FaultRules(options.rules ?? []);
  const taken: TakenMail[] = [];
  const lines: { connection: number; line: string }[] = [];
  const open = new Set<Socket>();
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, 'a');
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections += 1;
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    void new SmtpFaultSession(socket, connections, {
      offer: options,
      rules,
      onLine: (connection, line) => void (log === undefined && lines.push({ connection, line })),
      onTaken: (mail) => {
        taken.push(mail);
        if (log !== undefined) writeSync(log, `${JSON.stringify(mail)}\n`);
      },
    }).run();
  };
  const server = options.secure ? createTlsServer(options.secure, accept) : createServer(accept);
  let port = options.port ?? 0;
  const start = async (): Promise<void> => {
    port = await listen(server, port);
  };
  await start();
  return {
    port,
    taken,
    lines,
    connections: () => connections,
    openConnections: () => open.size,
    setRules: (...next) => rules.replace(next),
    start,
    stop: () => stop(server, open),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server, open: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of open) socket.destroy();
  });
}
