import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';

// Below the range from which systems take ports for outgoing connections (32768 and up): a client that keeps
// connecting to a stopped server's port in that range can end up connected to itself, and then the server
// cannot come back.
const FIRST = 20_000;
const LAST = 30_000;
const ATTEMPTS = 100;

/** Whether nothing listens on this port of the loopback address now. */
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

/** `count` different ports of the loopback address that nothing listens on now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let attempt = 0; attempt < ATTEMPTS && found.size < count; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  if (found.size < count)
    throw new StackError('port-in-use', `Found no ${count} free ports between ${FIRST} and ${LAST}.`);
  return [...found];
}
