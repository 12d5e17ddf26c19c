import { closeLater } from '../support/close-later.ts';
import { startProxy, type RedisProxy } from '../support/redis-proxy.ts';

/** Opens a proxy to a Redis; it is closed when the file's tests are over. */
export async function openProxy(target: string): Promise<RedisProxy> {
  const proxy = await startProxy(target);
  closeLater(() => proxy.close());
  return proxy;
}
