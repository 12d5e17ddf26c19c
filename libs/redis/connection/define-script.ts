import { createHash } from 'node:crypto';
import { answered, type RedisConnection } from './connect-redis.ts';

/** Text is sent as UTF-8, a buffer as it is. */
export type ScriptArgument = string | number | Buffer;

/** Runs a Lua script on one key. Rejects with a `RedisError`. */
export type RunScript = (key: string, ...args: readonly ScriptArgument[]) => Promise<unknown>;

/** Runs a Lua script on several keys of one slot. Rejects with a `RedisError`. */
export type RunScriptOnMany = (keys: readonly string[], args: readonly ScriptArgument[]) => Promise<unknown>;

/**
 * Defines a Lua script. It is sent in full once per connection and by its hash from then on. Calls of one tick are
 * pipelined. It takes one key, so that it works in a cluster.
 */
export function defineScript(redis: RedisConnection, doing: string, lua: string): RunScript {
  const command = define(redis, lua, 1);
  return (key, ...args) => answered(redis.client, doing, () => command.call(redis.client, key, ...args));
}

/** The same for any number of keys, which must share a hash tag. */
export function defineScriptOnMany(redis: RedisConnection, doing: string, lua: string): RunScriptOnMany {
  const command = define(redis, lua);
  return (keys, args) =>
    answered(redis.client, doing, () => command.call(redis.client, keys.length, ...keys, ...args));
}

type ScriptCommand = (...args: ScriptArgument[]) => Promise<unknown>;

function define({ client }: RedisConnection, lua: string, numberOfKeys?: number): ScriptCommand {
  const name = `denwa_${createHash('sha1').update(lua).digest('hex')}_${numberOfKeys ?? 'many'}`;
  client.defineCommand(name, { lua, ...(numberOfKeys === undefined ? {} : { numberOfKeys }) });
  return Reflect.get(client, name) as ScriptCommand;
}
