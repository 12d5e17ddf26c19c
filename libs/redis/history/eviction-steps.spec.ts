import {
  afterCheck,
  afterStep,
  daysToKeep,
  memoryShare,
  NOT_SHORT,
  type Eviction,
} from './eviction-steps.ts';

const info = (maxmemory: number, policy: string, more: readonly string[] = []): string =>
  [
    '# Memory',
    'used_memory:700',
    'used_memory_rss:900',
    'total_system_memory:2000',
    `maxmemory:${maxmemory}`,
    `maxmemory_policy:${policy}`,
    ...more,
    '',
  ].join('\r\n');
const BUFFERS = ['mem_not_counted_for_evict:100', 'mem_clients_slaves:90', 'mem_clients_normal:200'];

describe('the share of memory that Redis uses', () => {
  it.each([
    ['of maxmemory', info(1000, 'noeviction'), { counted: 0.7, stored: 0.7, evicts: false }],
    [
      "of the system's memory without a limit",
      info(0, 'noeviction'),
      { counted: 0.35, stored: 0.35, evicts: false },
    ],
    ['with an eviction policy', info(1000, 'allkeys-lru'), { counted: 0.7, stored: 0.7, evicts: true }],
    [
      'without the buffers of replicas and of the append-only file, and of clients where they do not matter',
      info(1000, 'noeviction', BUFFERS),
      { counted: 0.6, stored: 0.4, evicts: false },
    ],
    ['none when Redis does not say', '', { counted: 0, stored: 0, evicts: false }],
  ])('is taken %s', (_, text, share) => expect(memoryShare(text)).toEqual(share));
});

const LIMITS = { stored: 0.7, counted: 0.9 };
const PATIENCE = { firstMs: 5_000, moreMs: 300_000 };
const share = (stored: number, counted = stored) => ({ stored, counted, evicts: false });
const check = (before: Eviction, stored: number, counted = stored, now = 0): Eviction =>
  afterCheck(before, [share(stored, counted)], LIMITS, now);

/** The days kept by each step when memory stays short and is checked every second for `seconds` seconds. */
function stepsOf(seconds: number, hasRemoved: boolean): number[] {
  let eviction = NOT_SHORT;
  const steps: number[] = [];
  for (let second = 0; second <= seconds; second += 1) {
    eviction = check(eviction, 0.8, 0.8, second * 1_000);
    const days = daysToKeep(eviction, second * 1_000, PATIENCE);
    if (days === undefined) continue;
    steps.push(days);
    eviction = afterStep(eviction, hasRemoved);
  }
  return steps;
}

describe('the eviction of history', () => {
  it('does not start when memory is short for a moment', () => {
    expect(stepsOf(4, true)).toEqual([]);
    expect(stepsOf(5, true)).toEqual([15]);
  });

  it('is due above 70 % of stored memory and ends only well below, so that it does not flap', () => {
    expect(check(NOT_SHORT, 0.7).isShort).toBe(false);
    const short = check(NOT_SHORT, 0.71);
    expect(short.isShort).toBe(true);
    expect(check(short, 0.67).isShort).toBe(true);
    expect(check(short, 0.66)).toEqual(NOT_SHORT);
  });

  it('ignores the output buffers of clients until the ledger is about to be refused', () => {
    expect(check(NOT_SHORT, 0.5, 0.9).isShort).toBe(false);
    expect(check(NOT_SHORT, 0.5, 0.91).isShort).toBe(true);
  });

  it('goes by the fullest server, and ignores those that evict by themselves', () => {
    expect(afterCheck(NOT_SHORT, [share(0.1), share(0.8)], LIMITS, 0).isShort).toBe(true);
    expect(afterCheck(NOT_SHORT, [{ ...share(1), evicts: true }], LIMITS, 0).isShort).toBe(false);
  });

  it('goes on step by step while it frees memory, and removes everything only after minutes of shortage', () => {
    expect(stepsOf(299, true)).toEqual([15, 7, 3, 1, 0.25]);
    expect(stepsOf(301, true)).toEqual([15, 7, 3, 1, 0.25, 0]);
  });

  it('waits for minutes when nothing old was left to remove', () => {
    expect(stepsOf(299, false)).toEqual([15]);
    expect(stepsOf(310, false)).toEqual([15, 7, 3, 1, 0.25, 0]);
  });

  it('starts over when memory was sufficient in between', () => {
    const eviction = afterStep(check(NOT_SHORT, 0.8), true);
    expect(daysToKeep(check(check(eviction, 0.1), 0.8, 0.8, 1_000), 6_000, PATIENCE)).toBe(15);
  });
});
