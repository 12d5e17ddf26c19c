import type { Redis } from 'ioredis';
import { translated } from './connect-redis.ts';
import { misconfigured } from './misconfiguration.ts';

/** The commands of this library's scripts and reads, each with as many arguments behind its key as it wants at least. */
const COMMANDS: Readonly<Record<string, number>> = {
  DEL: 0,
  EXISTS: 0,
  GET: 0,
  HGET: 1,
  HSET: 2,
  HVALS: 0,
  MGET: 0,
  PEXPIRE: 1,
  SET: 1,
  SETRANGE: 2,
  ZADD: 2,
  ZCARD: 0,
  ZRANGE: 2,
  ZREM: 1,
  ZREMRANGEBYRANK: 2,
  ZREMRANGEBYSCORE: 2,
  ZREVRANGEBYSCORE: 2,
  ZSCORE: 1,
};

/*
 * ARGV: a key, then each command's name and how many arguments follow its key. Answers with those that the user of this
 * connection may not run on that key. A server that only looks like Redis may not know the function; then nothing is said.
 */
const FORBIDDEN = `
local forbidden = {}
for i = 2, #ARGV, 2 do
  local args = {}
  for j = 1, tonumber(ARGV[i + 1]) do args[j] = '1' end
  if redis.acl_check_cmd and not redis.acl_check_cmd(ARGV[i], ARGV[1], unpack(args)) then
    forbidden[#forbidden + 1] = ARGV[i]
  end
end
return forbidden
`;

/**
 * Rejects with `REDIS_MISCONFIGURED`, naming the commands, when the user may not run what this library runs under its
 * prefix: found at the start, not by the first mail. Who may not even run a script makes Redis answer NOPERM.
 */
export async function checkPermissions(node: Redis, keyPrefix: string): Promise<void> {
  const args = Object.entries(COMMANDS).flatMap(([name, count]) => [name, String(count)]);
  const asked = await translated('asking for permissions', () =>
    node.eval(FORBIDDEN, 0, `${keyPrefix}probe`, ...args),
  );
  const forbidden = asked as string[];
  if (forbidden.length === 0) return;
  throw misconfigured(`a user who may use ${forbidden.join(', ')} on the keys of REDIS_KEY_PREFIX`);
}
