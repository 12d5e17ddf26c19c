import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** Stands between a client and Redis, to take Redis away from the client alone. */
export interface RedisProxy {
  readonly url: string;
  /** Cuts what is open and refuses what comes. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Keeps the connections but passes nothing on, as a frozen server or a dead network does. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Starts a proxy to a Redis, on a port of its own. */
export async function startProxy(target: string): Promise<RedisProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let frozen = false;
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    passOn(from, to, () => sockets.delete(from));
    if (frozen) from.pause();
  };
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    pass(near, far);
    pass(far, near);
  });
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const { port: ownPort } = server.address() as AddressInfo;
  const down = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `redis://127.0.0.1:${ownPort}`,
    down,
    up: () => listen(ownPort),
    close: async () => {
      if (server.listening) await down();
    },
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
  };
}

function passOn(from: Socket, to: Socket, closed: () => void): void {
  from.on('data', (chunk) => to.write(chunk));
  from.on('error', () => from.destroy());
  from.on('close', () => {
    closed();
    to.destroy();
  });
}
