import { createHash } from 'node:crypto';
import { answered, type RedisConnection } from './connect-redis.ts';

/** Runs a Lua script on one key; rejects with a `RedisError`. */
export type RunScript = (key: string, ...args: readonly (string | number)[]) => Promise<unknown>;

/** Runs a Lua script on several keys, which lie together; rejects with a `RedisError`. */
export type RunScriptOnMany = (
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/**
 * Makes a Lua script callable. It is sent whole once a connection and by its hash afterwards; calls of one tick travel
 * together. One key a script, so that it works in a cluster.
 */
export function defineScript(redis: RedisConnection, doing: string, lua: string): RunScript {
  const command = define(redis, lua, 1);
  return (key, ...args) => answered(redis.client, doing, () => command.call(redis.client, key, ...args));
}

/** The same for as many keys as a call has; in a cluster the caller sees to it that they lie together. */
export function defineScriptOnMany(redis: RedisConnection, doing: string, lua: string): RunScriptOnMany {
  const command = define(redis, lua);
  return (keys, args) =>
    answered(redis.client, doing, () => command.call(redis.client, keys.length, ...keys, ...args));
}

type ScriptCommand = (...args: (string | number)[]) => Promise<unknown>;

function define({ client }: RedisConnection, lua: string, numberOfKeys?: number): ScriptCommand {
  const name = `denwa_${createHash('sha1').update(lua).digest('hex')}_${numberOfKeys ?? 'many'}`;
  client.defineCommand(name, { lua, ...(numberOfKeys === undefined ? {} : { numberOfKeys }) });
  return Reflect.get(client, name) as ScriptCommand;
}
