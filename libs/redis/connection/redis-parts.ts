/** What a part of the library needs at the Redis of `REDIS_URL`. */
interface Needs {
  /** By name. A test compares them with the part's source. */
  readonly commands: readonly string[];
  /** How the keys begin that it only reads. */
  readonly reads?: readonly string[];
  /** How the keys begin that it also writes. */
  readonly writes?: readonly string[];
}

const SWAPS = ['DEL', 'GET', 'SET'];
const DUE = ['HDEL', 'HGET', 'HLEN', 'HRANDFIELD', 'HSET'];
const WINDOW = ['PEXPIRE', 'TIME', 'ZADD', 'ZCARD', 'ZRANGE', 'ZREM', 'ZREMRANGEBYSCORE', 'ZSCORE'];

const PARTS = {
  /** Reads settings. */
  'settings-read': { commands: ['GET', 'MGET'], reads: ['line:', 'number:'] },
  /** Edits settings, and tells the switch. */
  settings: {
    commands: [...SWAPS, ...DUE, 'HGETALL', 'MGET'],
    writes: ['line:', 'number:', 'untold:', '{edits}', '{switch-due}'],
  },
  /** Brings and removes lines and numbers, with what was stored of them. */
  contracts: {
    commands: [...SWAPS, 'HDEL', 'HGET', 'HGETALL', 'HSET', 'PEXPIRE', 'TIME'],
    writes: ['access:', 'faults:', 'left:'],
  },
  accounts: {
    commands: [...SWAPS, ...DUE, 'GETEX', 'HMGET', 'PEXPIRE'],
    writes: ['access:', '{access-due}'],
  },
  /** Sessions, known browsers and links. */
  logins: { commands: ['DEL', 'GET', 'GETEX', 'SET'], writes: ['link:', 'login:'] },
  calls: { commands: SWAPS, writes: ['call:'] },
  ledger: { commands: ['GET', 'SET', 'TIME'], writes: ['event:'] },
  faults: { commands: SWAPS, writes: ['faults:'] },
  sources: { commands: WINDOW, writes: ['tries:source:'] },
  'test-mails': { commands: WINDOW, writes: ['test-mails:'] },
  idempotency: { commands: ['EXISTS', 'GET', 'SET', 'SETRANGE'], writes: ['idempotency:'] },
  /** Sessions of operators. */
  operators: { commands: ['DEL', 'GETEX', 'SET'], writes: ['operator:'] },
  /** What operators did, until Kafka has it. */
  actions: {
    commands: ['TIME', 'ZADD', 'ZCARD', 'ZRANDMEMBER', 'ZRANGE', 'ZREM'],
    writes: ['{operator-actions}'],
  },
  uploads: { commands: [...SWAPS, ...WINDOW], writes: ['upload:', 'uploads:'] },
} as const satisfies Readonly<Record<string, Needs>>;

/** A part of this library that an app uses. */
export type RedisPart = keyof typeof PARTS;
export const ALL_PARTS = Object.keys(PARTS) as readonly RedisPart[];

/** What each program uses at the Redis of `REDIS_URL`, beside the history: its user needs rights for no more. */
export const PARTS_OF = {
  notifier: ['faults', 'ledger', 'settings-read'],
  settings: [
    'accounts',
    'actions',
    'contracts',
    'idempotency',
    'ledger',
    'logins',
    'operators',
    'settings',
    'sources',
    'test-mails',
  ],
  site: ['accounts', 'logins', 'settings', 'sources', 'test-mails', 'uploads'],
  voice: ['accounts', 'calls', 'settings-read'],
  ops: ['accounts', 'actions', 'contracts', 'faults', 'ledger', 'logins', 'settings'],
} as const satisfies Readonly<Record<string, readonly RedisPart[]>>;

/** What these parts need together, beside what every connection runs. */
export function needsOf(parts: readonly RedisPart[]): Required<Needs> {
  const needs: readonly Needs[] = parts.map((part) => PARTS[part]);
  const all = (of: (need: Needs) => readonly string[] | undefined): string[] => [
    ...new Set(needs.flatMap((need) => of(need) ?? [])),
  ];
  return {
    commands: all(({ commands }) => commands).toSorted(),
    reads: all(({ reads }) => reads),
    writes: all(({ writes }) => writes),
  };
}
