import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';
import { actFault, say } from './smtp-fault-action.ts';
import { SmtpFaultReader } from './smtp-fault-reader.ts';
import type { FaultRules, FaultStage } from './smtp-fault-rules.ts';

/** A mail that the server accepted, or counts as accepted although the client got no 250. */
export interface TakenMail {
  readonly messageId: string;
  readonly from: string;
  readonly recipient: string;
  readonly connection: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly answered: boolean;
  /** The message without dot-stuffing; only with `keepMessages`. */
  readonly message?: string;
}

/** The server's extensions and options. */
export interface FaultServerOffer {
  /** Default true. */
  readonly pipelining?: boolean;
  /** Loses commands pipelined after the final dot, although it announces PIPELINING. */
  readonly losesBehindDot?: boolean;
  readonly dsn?: boolean;
  readonly size?: number;
  readonly starttls?: Certificate;
  /** TLS from the first byte. */
  readonly secure?: Certificate;
  readonly auth?: { readonly user: string; readonly password: string; readonly methods: readonly string[] };
  readonly keepMessages?: boolean;
}

/** What a session gets from its server. */
interface FaultWorld {
  readonly offer: FaultServerOffer;
  readonly rules: FaultRules;
  readonly onLine: (connection: number, line: string) => void;
  readonly onTaken: (mail: TakenMail) => void;
}

/** One connection of the fault server: a correct mail server except for its rules. */
export class SmtpFaultSession {
  private readonly world: FaultWorld;
  private readonly reader: SmtpFaultReader;
  private readonly place: { readonly connection: number; mail: number; recipient: string };
  private socket: Socket;
  private from: string | undefined;
  private isLoggedIn = false;
  private isSecured: boolean;

  constructor(socket: Socket, connection: number, world: FaultWorld) {
    this.socket = socket;
    this.world = world;
    this.place = { connection, mail: 0, recipient: '' };
    this.isSecured = world.offer.secure !== undefined;
    this.reader = new SmtpFaultReader(socket);
  }

  /** Serves the client until the connection is over. */
  async run(): Promise<void> {
    try {
      await this.answer('greeting', '220 fault.example ESMTP');
      for (;;) await this.command(await this.line());
    } catch {
      this.socket.destroy();
    }
  }

  private async line(): Promise<string> {
    const line = await this.reader.line();
    this.world.onLine(this.place.connection, line);
    return line;
  }

  private async answer(stage: FaultStage, usual: string): Promise<boolean> {
    const rule = this.world.rules.take(stage, this.place);
    return rule ? actFault(this.socket, rule.do, usual) : say(this.socket, usual);
  }

  private async command(line: string): Promise<unknown> {
    const path = /<(.*)>/.exec(line)?.[1] ?? '';
    switch (line.split(/[ :]/, 1)[0]?.toUpperCase()) {
      case 'EHLO':
        return this.answer('ehlo', this.extensions());
      case 'HELO':
        return this.answer('ehlo', '250 fault.example');
      case 'STARTTLS':
        return this.startTls();
      case 'AUTH':
        return this.logIn(line);
      case 'MAIL':
        return this.mailFrom(path);
      case 'RCPT':
        return this.rcptTo(path);
      case 'DATA':
        return this.data();
      case 'RSET':
        this.forget();
        return this.answer('rset', '250 2.0.0 Ok');
      case 'QUIT':
        say(this.socket, '221 2.0.0 Bye');
        return this.socket.end();
      default:
        return say(this.socket, '500 5.5.2 What?');
    }
  }

  private extensions(): string {
    const { pipelining = true, dsn, size, starttls, auth } = this.world.offer;
    const lines = [
      'fault.example',
      ...(pipelining ? ['PIPELINING'] : []),
      ...(dsn ? ['DSN'] : []),
      ...(size === undefined ? [] : [`SIZE ${size}`]),
      ...(starttls && !this.isSecured ? ['STARTTLS'] : []),
      ...(auth ? [`AUTH ${auth.methods.join(' ')}`] : []),
    ];
    return lines.map((line, index) => `250${index < lines.length - 1 ? '-' : ' '}${line}`).join('\r\n');
  }

  private async startTls(): Promise<void> {
    const { starttls } = this.world.offer;
    if (!starttls) return void say(this.socket, '502 5.5.1 No TLS here');
    if (!(await this.answer('starttls', '220 2.0.0 Go on'))) return;
    this.reader.detach(this.socket);
    this.socket = new TLSSocket(this.socket, { isServer: true, ...starttls });
    this.reader.attach(this.socket);
    this.isSecured = true;
  }

  private async logIn(line: string): Promise<boolean> {
    const [, method, initial] = line.split(' ');
    const ask = async (challenge: string): Promise<string> => {
      say(this.socket, `334 ${challenge}`);
      return Buffer.from(await this.line(), 'base64').toString();
    };
    const given =
      method?.toUpperCase() === 'LOGIN'
        ? [await ask('VXNlcm5hbWU6'), await ask('UGFzc3dvcmQ6')]
        : (initial === undefined ? await ask('') : Buffer.from(initial, 'base64').toString())
            .split('\0')
            .slice(1);
    const { user, password } = this.world.offer.auth ?? {};
    if (given[0] !== user || given[1] !== password) {
      return say(this.socket, `535 5.7.8 Wrong: ${given.join(' ')} (${initial})`);
    }
    this.isLoggedIn = await this.answer('auth', '235 2.7.0 Welcome');
    return this.isLoggedIn;
  }

  private async mailFrom(from: string): Promise<void> {
    this.place.mail += 1;
    if (this.from !== undefined) return void say(this.socket, '503 5.5.1 Nested MAIL');
    if (this.world.offer.auth && !this.isLoggedIn) return void say(this.socket, '530 5.7.0 Log in first');
    if (await this.answer('mail', '250 2.1.0 Ok')) this.from = from;
  }

  private async rcptTo(recipient: string): Promise<void> {
    if (this.from === undefined) return void say(this.socket, '503 5.5.1 MAIL first');
    this.place.recipient = recipient;
    if (!(await this.answer('rcpt', '250 2.1.5 Ok'))) this.place.recipient = '';
  }

  private async data(): Promise<void> {
    const isPossible = this.place.recipient !== '';
    if (!(await this.answer('data', isPossible ? '354 Go on' : '554 5.5.1 No valid recipients'))) return;
    const rule = this.world.rules.take('message', this.place);
    if (rule) {
      await this.reader.someBytes();
      await actFault(this.socket, rule.do, '');
    }
    const raw = (await this.reader.message()).toString('latin1');
    if (this.world.offer.losesBehindDot) this.reader.forget();
    if (!isPossible) return void say(this.socket, '554 5.5.1 No valid recipients');
    await this.finish(raw);
  }

  private async finish(raw: string): Promise<void> {
    const rule = this.world.rules.take('dot', this.place);
    const isTaken = !rule || 'afterMs' in rule.do || 'byteMs' in rule.do;
    if (isTaken || rule.taken) this.keep(raw, isTaken);
    this.forget();
    const usual = '250 2.0.0 Ok: queued';
    if (rule) await actFault(this.socket, rule.do, usual);
    else say(this.socket, usual);
    const idle = this.world.rules.take('idle', this.place);
    if (idle) await actFault(this.socket, idle.do, '');
  }

  private keep(raw: string, answered: boolean): void {
    const message = `\r\n${raw}`.replaceAll('\r\n.', '\r\n').slice(2);
    this.world.onTaken({
      messageId: /^Message-ID:\s*(\S+)/im.exec(message)?.[1] ?? '',
      from: this.from ?? '',
      recipient: this.place.recipient,
      connection: this.place.connection,
      at: Date.now(),
      answered,
      ...(this.world.offer.keepMessages ? { message } : {}),
    });
  }

  private forget(): void {
    this.from = undefined;
    this.place.recipient = '';
  }
}
