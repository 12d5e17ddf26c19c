import { memoryShare } from './memory-share.ts';

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
