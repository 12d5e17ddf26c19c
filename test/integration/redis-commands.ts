import type { RedisConnection } from '#redis';

/** What happens around a command: it is sent by `send`, or never. */
export type Around = (name: string, send: () => Promise<unknown>) => Promise<unknown>;

const COMMANDS = new Set(['get', 'hget', 'hset', 'hrandfield', 'hgetall']);

/** The same connection, with something around each command and script that the settings send. */
export function aroundCommands(redis: RedisConnection, around: Around): RedisConnection {
  const client = new Proxy(redis.client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args) as unknown;
      if (typeof name !== 'string' || !(COMMANDS.has(name) || name.startsWith('denwa_'))) return call;
      return (...args: unknown[]) => around(name, () => call(...args) as Promise<unknown>);
    },
  });
  return { ...redis, client };
}
