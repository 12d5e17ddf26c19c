import type { RedisConnection } from './connect-redis.ts';
import { defineScript, defineScriptOnMany, type RunScriptOnMany } from './define-script.ts';
import { reconnectIfUseless } from './open-client.ts';
import { asRedisError, type RedisError } from './redis-error.ts';

/** Calls one of a joined script's functions for a key; rejects with a `RedisError`. */
export type CallJoined = (name: string, key: string, args?: readonly (string | number)[]) => Promise<unknown>;

interface Call {
  readonly name: string;
  readonly key: string;
  readonly args: readonly (string | number)[];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Redis does nothing else while a script runs: so many calls take it a millisecond or two. */
const MOST_CALLS = 128;

/*
 * ARGV: for each key the function's name, the number of its arguments, and these. A function finds its key in `key` and
 * its arguments in `ARGV[first]` to `ARGV[last]`. One that fails does not keep the others from their answers. What fails
 * keeps its code (OOM is an outage, WRONGTYPE a bug); an error of Lua itself has none.
 */
const DISPATCH = `
local replies, at = {}, 1
for i = 1, #KEYS do
  key = KEYS[i]
  local first, last = at + 2, at + 1 + tonumber(ARGV[at + 1])
  local ok, reply = pcall(calls[ARGV[at]], first, last)
  if not ok then
    local text = type(reply) == 'table' and reply.err or tostring(reply)
    reply = redis.error_reply(string.match(text, '^%u+ ') and text or 'ERR ' .. text)
  end
  replies[i] = reply or false
  at = last + 1
end
return replies
`;

/**
 * Joins the calls that are made while others are under way into one run of a script: by itself a call costs more, here
 * and in Redis, than what it does. `lua` declares `calls`, a table of functions by name. The order of calls is kept. In a
 * cluster, where the keys of a script have to lie together, each call is a run of its own.
 */
export function joinCalls(redis: RedisConnection, doing: string, lua: string): CallJoined {
  const script = `local key\n${lua}${DISPATCH}`;
  if (redis.client.isCluster) {
    const run = defineScript(redis, doing, script);
    return async (name, key, args = []) => {
      const [reply] = (await run(key, name, args.length, ...args)) as unknown[];
      if (reply instanceof Error) throw asRedisError(reply, doing);
      return reply;
    };
  }
  const queue = new CallQueue(redis, defineScriptOnMany(redis, doing, script), doing);
  return (name, key, args = []) =>
    new Promise((resolve, reject) => queue.add({ name, key, args, resolve, reject }));
}

class CallQueue {
  private readonly redis: RedisConnection;
  private readonly run: RunScriptOnMany;
  private readonly doing: string;
  private waiting: Call[] = [];
  private isBusy = false;

  constructor(redis: RedisConnection, run: RunScriptOnMany, doing: string) {
    this.redis = redis;
    this.run = run;
    this.doing = doing;
  }

  add(call: Call): void {
    this.waiting.push(call);
    this.schedule();
  }

  /** One run at a time: what is asked for meanwhile, and in answer to it, goes with the next. */
  private schedule(): void {
    if (this.isBusy || this.waiting.length === 0) return;
    this.isBusy = true;
    setImmediate(() => {
      void this.send(this.waiting.splice(0, MOST_CALLS)).then(() => {
        this.isBusy = false;
        this.schedule();
      });
    });
  }

  private refused(reply: Error): RedisError {
    reconnectIfUseless(this.redis.client, reply);
    return asRedisError(reply, this.doing);
  }

  private async send(calls: readonly Call[]): Promise<void> {
    const args: (string | number)[] = [];
    for (const call of calls) args.push(call.name, call.args.length, ...call.args);
    try {
      const keys = calls.map(({ key }) => key);
      const replies = (await this.run(keys, args)) as unknown[];
      for (const [index, call] of calls.entries()) {
        const reply = replies[index];
        if (reply instanceof Error) call.reject(this.refused(reply));
        else call.resolve(reply);
      }
    } catch (error) {
      for (const call of calls) call.reject(error);
    }
  }
}
