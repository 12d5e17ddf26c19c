import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy in front of Redis, to cut off a single client. */
export interface RedisProxy {
  readonly url: string;
  /** Sends new connections to another Redis and keeps the open ones. */
  turnTo(port: number): void;
  /** Cuts open connections and refuses new ones. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Keeps connections open but forwards nothing, like a frozen server or a dead network. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Starts a proxy to a Redis on a free port. */
export async function startProxy(target: string): Promise<RedisProxy> {
  const { hostname, port } = new URL(target);
  let targetPort = Number(port);
  const sockets = new Set<Socket>();
  let frozen = false;
  const pass = (from: Socket, to: Socket): void => {
    sockets.add(from);
    passOn(from, to, () => sockets.delete(from));
    if (frozen) from.pause();
  };
  const setFrozen = (to: boolean): void => {
    frozen = to;
    for (const socket of sockets) socket[to ? 'pause' : 'resume']();
  };
  const server = createServer((near) => {
    const far = connect(targetPort, hostname);
    pass(near, far);
    pass(far, near);
  });
  await listen(server, 0);
  const { port: ownPort } = server.address() as AddressInfo;
  const down = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: `redis://127.0.0.1:${ownPort}`,
    turnTo: (other) => {
      targetPort = other;
    },
    down,
    up: () => listen(server, ownPort),
    close: async () => {
      if (server.listening) await down();
    },
    freeze: () => setFrozen(true),
    thaw: () => setFrozen(false),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

function passOn(from: Socket, to: Socket, closed: () => void): void {
  from.on('data', (chunk) => to.write(chunk));
  from.on('error', () => from.destroy());
  from.on('close', () => {
    closed();
    to.destroy();
  });
}
