import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A recipient's address, and when its mail was accepted (epoch ms). */
export type TakenMail = readonly [address: string, at: number];

const EHLO = '250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n';
const LINE_END = Buffer.from('\r\n');
const MESSAGE_END = Buffer.from('\r\n.\r\n');
const TELL_EVERY_MS = 50;

let taken: TakenMail[] = [];

/** Parses the input of an SMTP session and records its mails. */
class Reader {
  private rest: Buffer = Buffer.alloc(0);
  private recipient = '';
  private inMessage = false;

  /** Reads a chunk; gives the replies to the commands in it. */
  read(chunk: Buffer): string {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let replies = '';
    for (;;) {
      const mark = this.inMessage ? MESSAGE_END : LINE_END;
      const end = this.rest.indexOf(mark);
      if (end < 0) return replies;
      replies += this.inMessage ? this.message() : this.command(this.rest.toString('latin1', 0, end));
      this.rest = this.rest.subarray(end + mark.length);
    }
  }

  private message(): string {
    taken.push([this.recipient, Date.now()]);
    this.inMessage = false;
    return '250 2.0.0 Ok\r\n';
  }

  private command(line: string): string {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return EHLO;
      case 'DATA':
        this.inMessage = true;
        return '354 Go on\r\n';
      case 'RCPT':
        this.recipient = line.slice(line.indexOf('<') + 1, line.indexOf('>'));
        return '250 2.1.5 Ok\r\n';
      case 'QUIT':
        return '221 2.0.0 Bye\r\n';
      default:
        return '250 2.0.0 Ok\r\n';
    }
  }
}

function serve(socket: Socket): void {
  const reader = new Reader();
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    const replies = reader.read(chunk);
    if (replies !== '' && socket.writable) socket.write(replies);
    if (replies.includes('221 ')) socket.end();
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
setInterval(() => {
  if (taken.length > 0) process.send?.(taken);
  taken = [];
}, TELL_EVERY_MS);
process.on('disconnect', () => process.exit());
