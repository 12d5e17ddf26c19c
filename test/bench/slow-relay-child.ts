/**
 * Makes a mail server slow: relays connections to it and holds back its answer to each message. Arguments: the server's
 * port, milliseconds. Sends its own port to the parent process.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const [serverPort, holdMs] = process.argv.slice(2).map(Number);

/** Passes on a server's replies in their order, those to a message (after its 354) later. */
class Replies {
  private rest = '';
  private followsMessage = false;
  private readonly waiting: string[] = [];
  private readonly client: Socket;

  constructor(client: Socket) {
    this.client = client;
  }

  read(chunk: Buffer): void {
    const lines = (this.rest + chunk.toString('latin1')).split('\r\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.waiting.push(`${line}\r\n`);
    if (!this.isHolding) this.pass();
  }

  private isHolding = false;

  private pass(): void {
    let out = '';
    for (let line = this.waiting.shift(); line !== undefined; line = this.waiting.shift()) {
      if (this.followsMessage) {
        this.waiting.unshift(line);
        this.followsMessage = false;
        this.isHolding = true;
        setTimeout(() => {
          this.isHolding = false;
          this.pass();
        }, holdMs);
        break;
      }
      this.followsMessage = line.startsWith('354');
      out += line;
    }
    if (out !== '' && this.client.writable) this.client.write(out);
  }
}

const server = createServer((client) => {
  const upstream = connect(serverPort ?? 0, '127.0.0.1');
  const replies = new Replies(client);
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.setNoDelay(true);
    socket.on('error', () => other.destroy());
    socket.on('close', () => other.destroy());
  }
  client.pipe(upstream);
  upstream.on('data', (chunk: Buffer) => replies.read(chunk));
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 1_000 }, () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on('disconnect', () => process.exit());
