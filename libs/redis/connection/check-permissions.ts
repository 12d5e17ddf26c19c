import type { Redis } from 'ioredis';
import { translated } from './connect-redis.ts';

/** Stands for a key under our prefix. */
const KEY = 'key';

/**
 * What the stores of settings, limits and ledger run, by their scripts and by themselves: the command with arguments that
 * it would take. A test compares them with the library's text. CONFIG is not among them: it may be forbidden.
 */
export const STORE_COMMANDS: readonly string[] = [
  `DEL ${KEY}`,
  `EXISTS ${KEY}`,
  `GET ${KEY}`,
  `MGET ${KEY}`,
  `PEXPIRE ${KEY} 1`,
  `SET ${KEY} 1`,
  `SETRANGE ${KEY} 1 1`,
  'TIME',
  `ZADD ${KEY} 1 1`,
  `ZCARD ${KEY}`,
  `ZRANGE ${KEY} 1 1`,
  `ZREM ${KEY} 1`,
  `ZREMRANGEBYSCORE ${KEY} 1 1`,
  `ZSCORE ${KEY} 1`,
];

/** The same of the history, which may have a Redis of its own. */
export const HISTORY_COMMANDS: readonly string[] = [
  `EXPIRE ${KEY} 1`,
  `HGET ${KEY} 1`,
  `HSET ${KEY} 1 1`,
  `LINDEX ${KEY} 1`,
  `LPUSH ${KEY} 1`,
  `LRANGE ${KEY} 1 1`,
  `LSET ${KEY} 1 1`,
  `LTRIM ${KEY} 1 1`,
  `RPOP ${KEY}`,
  'SCAN 0',
  `UNLINK ${KEY}`,
];

/** What every connection runs: to send scripts, to look at the server and to probe it. */
export const COMMON_COMMANDS: readonly string[] = [
  `EVAL 1 1 ${KEY}`,
  `EVALSHA 1 1 ${KEY}`,
  'INFO',
  `SET ${KEY} 1`,
];

/** Waits for the disk; known since Redis 7.2, and of no use before. */
export const DISK_COMMANDS: readonly string[] = ['WAITAOF 1 0 0'];

/*
 * ARGV: for each command how many words it has, and these. Answers with the names of those that the user of this
 * connection may not run. A server that only looks like Redis may not know the function; then nothing is said.
 */
const FORBIDDEN = `
local forbidden, at = {}, 1
while redis.acl_check_cmd and at <= #ARGV do
  local words, last = {}, at + tonumber(ARGV[at])
  for i = at + 1, last do words[#words + 1] = ARGV[i] end
  local is_known, may = pcall(redis.acl_check_cmd, unpack(words))
  if not (is_known and may) then forbidden[#forbidden + 1] = words[1] end
  at = last + 1
end
return forbidden
`;

/**
 * Which of the commands the user may not run under our prefix, by name: found at the start, not by the first mail. A command
 * that the server does not know, as one that was renamed, is one of them. Who may not even run a script makes Redis answer
 * NOPERM. Nothing is written.
 */
export async function forbiddenCommands(
  node: Redis,
  keyPrefix: string,
  commands: readonly string[],
): Promise<string[]> {
  const args = [...new Set(commands)].flatMap((command) => {
    const words = command.split(' ').map((word) => (word === KEY ? `${keyPrefix}probe` : word));
    return [words.length, ...words];
  });
  const asked = await translated('asking for permissions', () => node.eval(FORBIDDEN, 0, ...args));
  return asked as string[];
}
