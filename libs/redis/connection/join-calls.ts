import { createHash } from 'node:crypto';
import { Cluster } from 'ioredis';
import { isRedirection, masterOf, nodeAt } from './cluster-nodes.ts';
import { answered, type RedisConnection } from './connect-redis.ts';
import { defineScript, type RunScript, type ScriptArgument } from './define-script.ts';
import { reconnectIfUseless } from './open-client.ts';
import { asRedisError, type RedisError } from './redis-error.ts';

/** Calls a function of a joined script for a key. Rejects with a `RedisError`. */
export type CallJoined = (name: string, key: string, args?: readonly ScriptArgument[]) => Promise<unknown>;

interface Call {
  readonly name: string;
  readonly key: string;
  readonly args: readonly ScriptArgument[];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Redis is blocked while a script runs. This many calls take it a millisecond or two. */
const MAX_CALLS = 128;

/*
 * ARGV: for each call its key, the name of its function, the number of arguments, and the arguments. A function finds its
 * key in `key` and its arguments in `ARGV[first]` to `ARGV[last]`. A failing call does not affect the others. An error keeps
 * its code (OOM is an outage, WRONGTYPE a bug); an error of Lua itself has none and becomes ERR. Only the first key is
 * declared: declared keys must share a slot, while keys that a script uses must only be on the same node.
 */
const DISPATCH = `
local replies, at = {}, 1
while at <= #ARGV do
  key = ARGV[at]
  local first, last = at + 3, at + 2 + tonumber(ARGV[at + 2])
  local ok, reply = pcall(calls[ARGV[at + 1]], first, last)
  if not ok then
    local text = type(reply) == 'table' and reply.err or tostring(reply)
    reply = redis.error_reply(string.match(text, '^%u+ ') and text or 'ERR ' .. text)
  end
  replies[#replies + 1] = reply or false
  at = last + 1
end
return replies
`;

/** A cluster node's error for a script that uses a key of another node, such as one whose slot has just moved. */
const ELSEWHERE = /non local key/;

/**
 * Batches calls: those made while a run is in progress share the next run of the script, because the overhead of a single
 * run, here and in Redis, exceeds its work. `lua` declares `calls`, a table of functions by name, each of which must read
 * its key before it writes. In a cluster the calls for each master are batched, by the slots as known. A call that a
 * migrating slot has left behind is repeated on its own, following the cluster's redirections. The order of calls is kept
 * while their key stays on its node.
 */
export function joinCalls(redis: RedisConnection, doing: string, lua: string): CallJoined {
  const script = `local key\n${lua}${DISPATCH}`;
  const run = defineScript(redis, doing, script);
  const queues = new Map<string, CallQueue>();
  return (name, key, args = []) =>
    new Promise((resolve, reject) => {
      const master = masterOf(redis.client, key);
      const queue =
        queues.get(master) ?? new CallQueue(redis, run, doing, scriptAt(redis, doing, script, master));
      queues.set(master, queue);
      queue.add({ name, key, args, resolve, reject });
    });
}

/** Runs a script on the given cluster node, whatever the key's slot. Redirections reject. `undefined` without a cluster. */
function scriptAt(redis: RedisConnection, doing: string, lua: string, master: string): RunScript | undefined {
  const { client } = redis;
  if (!(client instanceof Cluster)) return undefined;
  const sha = createHash('sha1').update(lua).digest('hex');
  return (key, ...args) =>
    answered(client, doing, async () => {
      const node = nodeAt(client, master);
      if (!node) throw new Error(`MOVED from ${master}, which is no master any more`);
      return node.evalsha(sha, 1, key, ...args).catch((error: Error) => {
        if (!error.message.startsWith('NOSCRIPT')) throw error;
        return node.eval(lua, 1, key, ...args);
      });
    });
}

class CallQueue {
  private readonly redis: RedisConnection;
  private readonly run: RunScript;
  private readonly doing: string;
  /** In a cluster: runs on the node itself. */
  private readonly runAt: RunScript | undefined;
  private waiting: Call[] = [];
  private isBusy = false;

  constructor(redis: RedisConnection, run: RunScript, doing: string, runAt?: RunScript) {
    this.redis = redis;
    this.run = run;
    this.runAt = runAt;
    this.doing = doing;
  }

  add(call: Call): void {
    this.waiting.push(call);
    this.schedule();
  }

  /** One run at a time. Calls made meanwhile, or in response to it, go with the next run. */
  private schedule(): void {
    if (this.isBusy || this.waiting.length === 0) return;
    this.isBusy = true;
    setImmediate(() => {
      void this.send(this.waiting.splice(0, MAX_CALLS)).then(() => {
        this.isBusy = false;
        this.schedule();
      });
    });
  }

  private async send(calls: readonly Call[]): Promise<void> {
    const [first] = calls;
    if (!first) return;
    const args: ScriptArgument[] = [];
    for (const call of calls) args.push(call.key, call.name, call.args.length, ...call.args);
    try {
      const replies = (await this.runOf(calls.length)(first.key, ...args)) as unknown[];
      const isAlone = calls.length === 1;
      await Promise.all(calls.map((call, index) => this.answer(call, replies[index], isAlone)));
    } catch (error) {
      if (calls.length > 1 && isRedirection((error as RedisError).cause))
        await Promise.all(calls.map((call) => this.send([call])));
      else for (const call of calls) call.reject(error);
    }
  }

  /**
   * If a batch followed an ASK for its first key, all calls would run on the other node, where keys that have not moved yet
   * are missing. So a batch goes to the node itself, and calls that it redirects are repeated one by one.
   */
  private runOf(calls: number): RunScript {
    return calls > 1 && this.runAt ? this.runAt : this.run;
  }

  private async answer(call: Call, reply: unknown, isAlone: boolean): Promise<void> {
    if (!(reply instanceof Error)) return call.resolve(reply);
    if (ELSEWHERE.test(reply.message) && !isAlone) return this.send([call]);
    reconnectIfUseless(this.redis.client, reply);
    call.reject(asRedisError(reply, this.doing));
  }
}
