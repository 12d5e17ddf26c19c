import { HISTORY_COMMANDS, needsOf, PARTS_OF, type RedisPart } from '#redis';

/** What a user does with the history of outcomes and FAXes. */
type Past = 'keeps' | 'reads' | 'none';

const PREFIX = 'denwa-notify:';
/** Every connection's: to look at the server, to send scripts, and to prove that it takes a write. */
const COMMON = ['config|get', 'eval', 'evalsha', 'info', 'select', 'set'];
/** Parts that wait until a write is on disk. */
const ON_DISK: readonly RedisPart[] = ['accounts', 'settings'];
const HISTORY = ['history:', 'history-events:', 'history-faxes:'];
const KEEPING_HISTORY = HISTORY_COMMANDS.map((command) => command.toLowerCase().split(' ', 1).join());
const READING_HISTORY = ['get', 'hget', 'lrange', 'mget'];

const USERS: readonly (readonly [keyof typeof PARTS_OF, Past])[] = [
  ['notifier', 'none'],
  ['settings', 'keeps'],
  ['site', 'reads'],
  ['voice', 'none'],
  ['ops', 'reads'],
];

/**
 * `ops/acl/redis-users.acl`: a user with the least rights for each program, as Redis' `aclfile` takes it. Nobody can use
 * it as it is: instead of a password's hash there is a text that Redis refuses.
 */
export function redisUsers(): string {
  return ['user default off', ...USERS.map((one) => userLine(...one)), ''].join('\n');
}

function userLine(program: keyof typeof PARTS_OF, past: Past): string {
  const user = `denwa-${program}`;
  const parts: readonly RedisPart[] = PARTS_OF[program];
  const needs = needsOf(parts);
  const commands = [
    ...COMMON,
    ...needs.commands.map((name) => name.toLowerCase()),
    ...(parts.some((part) => ON_DISK.includes(part)) ? ['waitaof'] : []),
    ...(past === 'keeps' ? KEEPING_HISTORY : []),
    ...(past === 'reads' ? READING_HISTORY : []),
  ];
  const reads = [...needs.reads, ...(past === 'reads' ? ['left:', ...HISTORY] : [])];
  const writes = ['probe', ...needs.writes, ...(past === 'keeps' ? HISTORY : [])];
  const rules = [
    ...reads.filter((kind) => !writes.includes(kind)).map((kind) => `%R~${PREFIX}${kind}*`),
    ...writes.map((kind) => `~${PREFIX}${kind}*`),
    '-@all',
    ...[...new Set(commands)].toSorted().map((command) => `+${command}`),
  ];
  return `user ${user} on #SHA256-OF-THE-PASSWORD-OF-${user} resetchannels ${rules.join(' ')}`;
}
