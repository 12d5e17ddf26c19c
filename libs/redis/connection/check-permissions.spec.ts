import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import {
  commandsOf,
  COMMON_COMMANDS,
  DISK_COMMANDS,
  HISTORY_COMMANDS,
  STORE_COMMANDS,
} from './check-permissions.ts';
import { ALL_PARTS, needsOf, type RedisPart } from './redis-parts.ts';

/** Asked in another way, or allowed to everybody. */
const NOT_ASKED_FOR = new Set([
  // A managed Redis forbids it; then nothing is known of `appendfsync`.
  'CONFIG',
  'QUIT',
  // Sends a pipeline; there is no transaction.
  'EXEC',
]);
/** Files that every connection needs. */
const COMMON = new Set(
  [
    'check-durability.ts',
    'check-permissions.ts',
    'check-server.ts',
    'connect-redis.ts',
    'define-script.ts',
    'join-calls.ts',
    'probe.ts',
  ].map((file) => path.join('connection', file)),
);
const LIBRARY = path.dirname(import.meta.dirname);
const known = new Set(
  new Redis({ lazyConnect: true }).getBuiltinCommands().map((name) => name.toUpperCase()),
);

/** What a file runs: in its scripts, and by the methods of a client, a node or a pipeline. */
function commandsIn(file: string): string[] {
  const text = readFileSync(path.join(LIBRARY, file), 'utf8').replaceAll(/^\s*(\/?\*|\/\/).*$/gm, '');
  const methods = Array.from(text.matchAll(/(?:(?:client|cluster|node)|^\s*)\.(\w+)\(/gm), ([, name = '']) =>
    name.replace(/(Buffer|Stream)$/, '').toUpperCase(),
  );
  const sent = Array.from(text.matchAll(/\.call\(\s*'(\w+)'/g), ([, name = '']) => name);
  const scripts = text.includes('defineCommand') ? ['EVAL', 'EVALSHA'] : [];
  return [...methods, ...sent, ...scripts].filter((name) => known.has(name) && !NOT_ASKED_FOR.has(name));
}

const files = readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
);
const usedBy = (isOne: (file: string) => boolean): string[] =>
  [...new Set(files.filter(isOne).flatMap(commandsIn))].toSorted();
const names = (...commands: readonly string[]): string[] =>
  commands.map((command) => command.split(' ', 1)[0] ?? '').toSorted();

/** The files of the library that these need, but for those of every connection. */
function withImports(entries: readonly string[]): string[] {
  const found = new Set<string>();
  const add = (file: string): void => {
    if (found.has(file) || COMMON.has(file) || !files.includes(file)) return;
    found.add(file);
    const text = readFileSync(path.join(LIBRARY, file), 'utf8');
    const imports = text.matchAll(/^(?:import(?! type)|\}).*? from '(\.[^']+)'/gm);
    for (const [, from = ''] of imports) add(path.join(path.dirname(file), from));
  };
  entries.forEach(add);
  return [...found];
}

/** Where each part begins. Those that one file is behind are checked together. */
const ENTRIES: readonly (readonly [readonly RedisPart[], readonly string[]])[] = [
  [['settings-read'], ['settings/create-settings-store.ts']],
  [['settings', 'contracts'], ['settings/create-settings-repository.ts']],
  [['accounts', 'logins'], ['access/create-access-store.ts']],
  [['calls'], ['access/create-call-store.ts']],
  [
    ['ledger'],
    ['ledger/create-ledger.ts', 'ledger/create-ledger-reader.ts', 'ledger/create-ledger-rebuilder.ts'],
  ],
  [['faults'], ['faults/create-fault-states.ts']],
  [['sources'], ['limits/create-source-limit.ts']],
  [['test-mails'], ['limits/create-test-mail-limits.ts']],
  [['idempotency'], ['limits/create-idempotency-keys.ts']],
  [['operators'], ['access/create-operator-sessions.ts']],
  [['actions'], ['actions/create-action-outbox.ts']],
  [['uploads'], ['uploads/create-uploads.ts']],
];

/** What the runbook grants a user, but for what is not asked for. */
function granted(user: string): string[] {
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  const [, rules = ''] = new RegExp(`^ACL SETUSER ${user} .*? (\\+.*)$`, 'm').exec(runbook) ?? [];
  return rules
    .split(' ')
    .map((rule) => rule.slice(1).toUpperCase())
    .filter((name) => !['CONFIG|GET', 'SELECT'].includes(name));
}

describe('the commands that are checked for permission', () => {
  const ofHistory = (file: string): boolean => /^history\/(?!current-contract)/.test(file);

  it('are those that the history runs', () =>
    expect(names(...HISTORY_COMMANDS, 'INFO')).toEqual(usedBy(ofHistory)));

  it('are those that every connection runs', () =>
    expect(names(...COMMON_COMMANDS)).toEqual(usedBy((file) => COMMON.has(file))));

  it('are those that the stores run', () =>
    expect(names(...STORE_COMMANDS, ...DISK_COMMANDS)).toEqual(
      usedBy((file) => !ofHistory(file) && !COMMON.has(file)),
    ));

  it.each(ENTRIES)('are those of %s', (parts, entries) => {
    const used = new Set(withImports(entries).flatMap(commandsIn));
    const asked = [...needsOf(parts).commands, ...names(...DISK_COMMANDS).filter((name) => used.has(name))];
    expect(asked.toSorted()).toEqual([...used].filter((name) => !name.startsWith('EVAL')).toSorted());
  });

  it('belong to a part each, and are asked for on each kind of its keys', () => {
    expect(ENTRIES.flatMap(([parts]) => parts).toSorted()).toEqual(ALL_PARTS.toSorted());
    expect(needsOf(ALL_PARTS).commands).toEqual(names(...STORE_COMMANDS));
    expect(commandsOf(['faults'])).toEqual(['DEL key', 'GET key', 'SET key 1', 'EVALSHA 1 1 key:faults:']);
  });

  it('are those that the runbook grants', () => {
    expect(granted('denwa')).toEqual(names(...STORE_COMMANDS, ...DISK_COMMANDS, 'INFO', 'EVAL', 'EVALSHA'));
    expect(granted('history')).toEqual(names(...HISTORY_COMMANDS, ...COMMON_COMMANDS));
  });
});
