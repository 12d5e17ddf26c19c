import { createHash } from 'node:crypto';
import { answered, type RedisConnection } from './connect-redis.ts';

/** Text is sent as UTF-8, bytes as they are. */
export type ScriptArgument = string | number | Buffer;

/** Runs a Lua script on one key; rejects with a `RedisError`. */
export type RunScript = (key: string, ...args: readonly ScriptArgument[]) => Promise<unknown>;

/**
 * Makes a Lua script callable. It is sent whole once a connection and by its hash afterwards; calls of one tick travel
 * together. One key a script, so that it works in a cluster.
 */
export function defineScript(redis: RedisConnection, doing: string, lua: string): RunScript {
  const command = define(redis, lua);
  return (key, ...args) => answered(redis.client, doing, () => command.call(redis.client, key, ...args));
}

type ScriptCommand = (...args: ScriptArgument[]) => Promise<unknown>;

function define({ client }: RedisConnection, lua: string): ScriptCommand {
  const name = `denwa_${createHash('sha1').update(lua).digest('hex')}`;
  client.defineCommand(name, { lua, numberOfKeys: 1 });
  return Reflect.get(client, name) as ScriptCommand;
}
