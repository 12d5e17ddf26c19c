import { memoryShare } from './memory-share.ts';

const info = (maxmemory: number, policy: string): string =>
  `# Memory\r\nused_memory:700\r\nused_memory_rss:900\r\ntotal_system_memory:2000\r\nmaxmemory:${maxmemory}\r\nmaxmemory_policy:${policy}\r\n`;

describe('the share of memory that Redis uses', () => {
  it.each([
    ['of maxmemory', info(1000, 'noeviction'), { used: 0.7, evicts: false }],
    ["of the system's memory without a limit", info(0, 'noeviction'), { used: 0.35, evicts: false }],
    ['with an eviction policy', info(1000, 'allkeys-lru'), { used: 0.7, evicts: true }],
    ['none when Redis does not say', '', { used: 0, evicts: false }],
  ])('is taken %s', (_, text, share) => expect(memoryShare(text)).toEqual(share));
});
