import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What a mail server does instead of its usual reply. */
export type FaultAction =
  /** Sends this reply, lines separated by CRLF; a 421 also closes the connection. */
  | { readonly reply: string }
  /** Closes the connection properly (FIN). */
  | { readonly close: true }
  /** Resets the connection (RST). */
  | { readonly reset: true }
  /** Neither replies nor reads any more. */
  | { readonly hang: true }
  /** Waits, then replies as usual. */
  | { readonly afterMs: number }
  /** Replies as usual, one byte in this many milliseconds. */
  | { readonly byteMs: number };

/** Performs an action; resolves with whether the client got a positive reply, or never on a hanging connection. */
export async function actFault(socket: Socket, action: FaultAction, usual: string): Promise<boolean> {
  if ('reply' in action) return say(socket, action.reply);
  if ('close' in action) return silently(() => socket.end());
  if ('reset' in action) return silently(() => socket.resetAndDestroy());
  if ('hang' in action) {
    socket.pause();
    return new Promise<boolean>(() => undefined);
  }
  if ('afterMs' in action) {
    await delay(action.afterMs, undefined, { ref: false });
    return say(socket, usual);
  }
  for (const byte of Buffer.from(`${usual}\r\n`)) {
    if (!socket.writable) return false;
    socket.write(Buffer.of(byte));
    await delay(action.byteMs);
  }
  return true;
}

/** Sends a reply; tells whether it is a positive one. */
export function say(socket: Socket, reply: string): boolean {
  if (socket.writable) socket.write(`${reply}\r\n`);
  if (reply.startsWith('421')) socket.end();
  return /^[23]/.test(reply);
}

function silently(act: () => unknown): boolean {
  act();
  return false;
}
