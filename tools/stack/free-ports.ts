import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';

// Below the ephemeral range (32768 and up): a client that keeps reconnecting to a stopped server's port in that range
// can end up connected to itself, and then the server cannot bind its port again.
const FIRST = 20_000;
const LAST = 30_000;
const ATTEMPTS = 100;

/** Whether a port of the loopback address is free now. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

/** Somebody of this process has them in mind, and may not listen yet. */
const handedOut = new Set<number>();

/** Finds `count` distinct free ports of the loopback address, each of them for nobody else in this process. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let attempt = 0; attempt < ATTEMPTS && found.size < count; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await isFree(port)) found.add(port);
  }
  if (found.size < count)
    throw new StackError('port-in-use', `Cannot find ${count} free ports between ${FIRST} and ${LAST}.`);
  return [...found];
}
