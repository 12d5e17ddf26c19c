import type { Redis } from 'ioredis';
import { translated } from './connect-redis.ts';
import { needsOf, type RedisPart } from './redis-parts.ts';

/** Placeholder for a key under our prefix. */
const KEY = 'key';

/**
 * The commands that accounts, settings, limits and ledger run, in scripts and directly, each with plausible arguments.
 * CONFIG is left out, because it may be forbidden.
 */
export const STORE_COMMANDS: readonly string[] = [
  `DEL ${KEY}`,
  `EXISTS ${KEY}`,
  `GET ${KEY}`,
  `GETEX ${KEY}`,
  `HDEL ${KEY} 1`,
  `HGET ${KEY} 1`,
  `HGETALL ${KEY}`,
  `HLEN ${KEY}`,
  `HMGET ${KEY} 1`,
  `HRANDFIELD ${KEY} 1`,
  `HSET ${KEY} 1 1`,
  `MGET ${KEY}`,
  `PEXPIRE ${KEY} 1`,
  `SET ${KEY} 1`,
  `SETRANGE ${KEY} 1 1`,
  'TIME',
  `ZADD ${KEY} 1 1`,
  `ZCARD ${KEY}`,
  `ZRANDMEMBER ${KEY} 1`,
  `ZRANGE ${KEY} 1 1`,
  `ZREM ${KEY} 1`,
  `ZREMRANGEBYSCORE ${KEY} 1 1`,
  `ZSCORE ${KEY} 1`,
];

/** Commands to ask for, with arguments: those of the parts, and one on each kind of their keys. */
export function commandsOf(parts: readonly RedisPart[]): string[] {
  const { commands, reads, writes } = needsOf(parts);
  const isNeeded = (command: string): boolean => commands.includes(command.split(' ', 1)[0] ?? '');
  return [
    ...STORE_COMMANDS.filter(isNeeded),
    ...reads.map((kind) => `GET ${KEY}:${kind}`),
    ...writes.map((kind) => `EVALSHA 1 1 ${KEY}:${kind}`),
  ];
}

/** The commands that the history runs, which may have its own Redis. */
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

/** The commands that every connection runs: to send scripts, and to inspect and probe the server. */
export const COMMON_COMMANDS: readonly string[] = [
  `EVAL 1 1 ${KEY}`,
  `EVALSHA 1 1 ${KEY}`,
  'INFO',
  `SET ${KEY} 1`,
];

/** Waits for the disk. Exists since Redis 7.2. */
export const DISK_COMMANDS: readonly string[] = ['WAITAOF 1 0 0'];

/*
 * ARGV: for each command its number of words, then the words. Returns the places of the commands that the user may not run.
 * Returns none on a server that is compatible with Redis but does not have `acl_check_cmd`.
 */
const FORBIDDEN = `
local forbidden, at, place = {}, 1, 0
while redis.acl_check_cmd and at <= #ARGV do
  local words, last = {}, at + tonumber(ARGV[at])
  for i = at + 1, last do words[#words + 1] = ARGV[i] end
  local is_known, may = pcall(redis.acl_check_cmd, unpack(words))
  if not (is_known and may) then forbidden[#forbidden + 1] = place end
  at, place = last + 1, place + 1
end
return forbidden
`;

/**
 * The commands that the user may not run on keys under our prefix, so that this shows at the start and not at the first
 * mail: their names, and the keys where that depends on them. Includes commands that the server does not know, such as
 * renamed ones. Writes nothing. Rejects by NOPERM when the user may not even run scripts.
 */
export async function forbiddenCommands(
  node: Redis,
  keyPrefix: string,
  commands: readonly string[],
): Promise<string[]> {
  const asked = [...new Set(commands)];
  const args = asked.flatMap((command) => {
    const words = command.split(' ').map((word) => keyOf(word, keyPrefix) ?? word);
    return [words.length, ...words];
  });
  const places = await translated('asking for permissions', () => node.eval(FORBIDDEN, 0, ...args));
  return (places as number[]).map((place) => {
    const [name = '', ...words] = (asked[place] ?? '').split(' ');
    const [, kind] = new RegExp(`^${KEY}:(.*)$`).exec(words.at(-1) ?? '') ?? [];
    return kind === undefined ? name : `${name} on ${keyPrefix}${kind}${kind.endsWith(':') ? '*' : ''}`;
  });
}

/** The key that a placeholder stands for; `undefined` for other words. */
function keyOf(word: string, keyPrefix: string): string | undefined {
  if (word === KEY) return `${keyPrefix}probe`;
  if (!word.startsWith(`${KEY}:`)) return undefined;
  const kind = word.slice(KEY.length + 1);
  return `${keyPrefix}${kind}${kind.endsWith(':') ? '0' : ''}`;
}
