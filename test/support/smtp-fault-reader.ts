import type { Socket } from 'node:net';

const LINE_END = Buffer.from('\r\n');
const MESSAGE_END = Buffer.from('\r\n.\r\n');
const EMPTY_MESSAGE = Buffer.from('.\r\n');

/** Reads a client's lines and messages from a socket. Every method rejects when the connection is closed. */
export class SmtpFaultReader {
  /** Doubles when it is full, because a message of many megabytes comes in small chunks. */
  private space = Buffer.alloc(16_384);
  private used = 0;
  private over = false;
  private wake: (() => void) | undefined;
  private readonly onData = (chunk: Buffer): void => {
    const needed = this.used + chunk.length;
    if (needed > this.space.length)
      this.space = Buffer.concat([this.input], Math.max(needed, this.space.length * 2));
    this.used += chunk.copy(this.space, this.used);
    this.wake?.();
  };

  constructor(socket: Socket) {
    this.attach(socket);
  }

  /** Continues on another socket (TLS over the first); discards plaintext that came after STARTTLS. */
  attach(socket: Socket): void {
    this.used = 0;
    socket.on('data', this.onData);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.over = true;
      this.wake?.();
    });
  }

  /** Discards unread input. */
  forget(): void {
    this.used = 0;
  }

  detach(socket: Socket): void {
    socket.off('data', this.onData);
  }

  async line(): Promise<string> {
    const line = await this.until(() => {
      const end = this.input.indexOf(LINE_END);
      return end < 0 ? undefined : this.take(end, LINE_END.length);
    });
    return line.toString('latin1');
  }

  /** Resolves when the first bytes of a message have arrived. */
  async someBytes(): Promise<void> {
    await this.until(() => (this.input.length > 0 ? true : undefined));
  }

  /** Reads a message up to the final dot; leading dots are still doubled. */
  async message(): Promise<Buffer> {
    let searched = 0;
    return this.until(() => {
      if (this.input.subarray(0, EMPTY_MESSAGE.length).equals(EMPTY_MESSAGE)) {
        return this.take(0, EMPTY_MESSAGE.length);
      }
      const end = this.input.indexOf(MESSAGE_END, searched);
      searched = Math.max(0, this.input.length - MESSAGE_END.length);
      if (end < 0) return undefined;
      return this.take(end + LINE_END.length, EMPTY_MESSAGE.length);
    });
  }

  private get input(): Buffer {
    return this.space.subarray(0, this.used);
  }

  private take(length: number, separator: number): Buffer {
    const taken = Buffer.from(this.input.subarray(0, length));
    this.space.copyWithin(0, length + separator, this.used);
    this.used -= length + separator;
    return taken;
  }

  private async until<T>(read: () => T | undefined): Promise<T> {
    for (;;) {
      const found = read();
      if (found !== undefined) return found;
      if (this.over) throw new Error('The client is gone');
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
