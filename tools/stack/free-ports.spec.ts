import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { freePorts, isFree } from './free-ports.ts';

describe('ports', () => {
  it('are distinct, and outside the ephemeral range', async () => {
    const ports = await freePorts(20);
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) expect(port >= 20_000 && port < 30_000).toBe(true);
  });

  it('are given to nobody twice, though nobody listens yet', async () => {
    const [ports, others] = await Promise.all([freePorts(40), freePorts(40)]);
    expect(new Set([...ports, ...others]).size).toBe(80);
  });

  it.each(['127.0.0.1', '0.0.0.0', '::'])('in use on %s are not free', async (host) => {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    expect(await isFree((server.address() as AddressInfo).port)).toBe(false);
    server.close();
    await once(server, 'close');
  });
});
