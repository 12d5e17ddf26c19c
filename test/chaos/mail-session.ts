import type { Socket } from 'node:net';
import type { MailFault, Stage } from './mail-fault.ts';

/** The server, as its sessions see it. */
interface SessionHost {
  faultAt(stage: Stage, address: string): MailFault | undefined;
  offersTls(): boolean;
  /** Records an accepted message; the session calls the result when it has sent its reply. */
  takes(address: string, messageId: string): () => void;
  /** How long a step takes, in milliseconds. */
  effort(stage: 'greeting' | 'rcpt' | 'dot'): number;
  refuses(address: string, code: number): void;
}

const EHLO = '250-chaos.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 SIZE 10485760\r\n';
const END = '\r\n.\r\n';
/** A fault inside the message occurs after this many bytes. */
const INSIDE_BYTES = 500;

/** One connection of the scripted mail server (RFC 5321, with PIPELINING). */
export class MailSession {
  hangs = false;
  private readonly socket: Socket;
  private readonly host: SessionHost;
  /** Processing a command; input waits. */
  private busy = false;
  private input = '';
  private inMessage = false;
  private hasSender = false;
  private recipient: string | undefined;
  /** The fault that will occur inside this message, if any. */
  private inside: MailFault | undefined;

  constructor(socket: Socket, host: SessionHost) {
    this.socket = socket;
    this.host = host;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => this.read(bytes.toString('latin1')));
    const fault = host.faultAt('greeting', '');
    if (fault) this.meet(fault, '');
    else this.work('greeting', () => this.say('220 chaos.example ESMTP'));
  }

  cut(): void {
    this.socket.destroy();
  }

  private read(text: string): void {
    if (this.hangs) return;
    this.input += text;
    while (
      !(this.hangs || this.busy || this.socket.destroyed) &&
      (this.inMessage ? this.readMessage() : this.readLine())
    );
  }

  private readLine(): boolean {
    const end = this.input.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.input.slice(0, end);
    this.input = this.input.slice(end + 2);
    this.command(line);
    return true;
  }

  private command(line: string): void {
    const [verb = ''] = line.toUpperCase().split(/[ :]/);
    switch (verb) {
      case 'EHLO':
        this.socket.write(
          this.host.offersTls() ? EHLO.replace('250 SIZE', '250-STARTTLS\r\n250 SIZE') : EHLO,
        );
        return;
      case 'STARTTLS':
        this.startTls();
        return;
      case 'AUTH':
        this.logIn();
        return;
      case 'MAIL':
        this.mail();
        return;
      case 'RCPT':
        this.rcpt(/<(.*)>/.exec(line)?.[1] ?? '');
        return;
      case 'DATA':
        this.data();
        return;
      case 'QUIT':
        this.say('221 2.0.0 Bye');
        this.socket.end();
        return;
      case 'RSET':
        this.reset();
        this.say('250 2.0.0 Ok');
        return;
      default:
        this.say(verb === 'NOOP' ? '250 2.0.0 Ok' : '502 5.5.1 Not implemented');
    }
  }

  /** There is no real TLS: the fault occurs instead of the handshake. */
  private startTls(): void {
    this.say('220 2.0.0 Go ahead');
    const fault = this.host.faultAt('tls', '');
    if (fault) this.meet(fault, '');
    else this.cut();
  }

  /** Accepts any login unless a fault says otherwise. */
  private logIn(): void {
    const fault = this.host.faultAt('auth', '');
    if (fault) this.meet(fault, '');
    else this.say('235 2.7.0 Ok');
  }

  private mail(): void {
    const fault = this.host.faultAt('mail', '');
    if (fault) return this.meet(fault, '');
    this.reset();
    this.hasSender = true;
    this.say('250 2.1.0 Ok');
  }

  private rcpt(address: string): void {
    if (!this.hasSender) return this.say('503 5.5.1 MAIL first');
    const fault = this.host.faultAt('rcpt', address);
    if (fault) return this.meet(fault, address);
    this.recipient = address;
    this.work('rcpt', () => this.say('250 2.1.5 Ok'));
  }

  private data(): void {
    if (this.recipient === undefined) return this.say('554 5.5.1 No valid recipients');
    this.inside = this.host.faultAt('message', this.recipient);
    this.inMessage = true;
    this.say('354 Go ahead');
  }

  private readMessage(): boolean {
    const address = this.recipient ?? '';
    if (this.inside && this.input.length >= INSIDE_BYTES) this.meet(this.inside, address);
    const end = this.input.indexOf(END);
    if (end < 0 || this.hangs || this.socket.destroyed) return false;
    const messageId = /^message-id:\s*(\S+)/im.exec(this.input)?.[1] ?? '';
    this.input = this.input.slice(end + END.length);
    this.reset();
    const fault = this.host.faultAt('dot', address);
    if (!fault) this.take(address, messageId);
    else {
      if (fault.takes) this.host.takes(address, messageId);
      this.meet(fault, address);
    }
    return true;
  }

  private take(address: string, messageId: string): void {
    const answered = this.host.takes(address, messageId);
    this.work('dot', () => {
      this.say('250 2.0.0 Ok: queued');
      answered();
    });
  }

  /** Waits for the step's duration, then answers and continues reading. */
  private work(stage: 'greeting' | 'rcpt' | 'dot', answer: () => void): void {
    const ms = this.host.effort(stage);
    if (ms === 0) return answer();
    this.busy = true;
    setTimeout(() => {
      this.busy = false;
      if (this.socket.destroyed) return;
      answer();
      this.read('');
    }, ms);
  }

  private meet({ does, says }: MailFault, address: string): void {
    if (does === 'hang') this.hangs = true;
    else if (does === 'close') this.socket.destroy();
    else {
      if (address !== '' && says === undefined) this.host.refuses(address, does);
      this.say(`${does} ${says ?? `${String(does)[0]}.0.0 As the script says`}`);
      if (does === 421) this.socket.end();
    }
  }

  private reset(): void {
    this.inMessage = false;
    this.hasSender = false;
    this.recipient = undefined;
    this.inside = undefined;
  }

  private say(line: string): void {
    if (!this.socket.destroyed) this.socket.write(`${line}\r\n`);
  }
}
