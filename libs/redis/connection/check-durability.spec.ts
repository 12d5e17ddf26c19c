import { problemsOf, type DiskFacts } from './check-durability.ts';

const safe: DiskFacts = { version: '7.0.15', aof: true, policy: 'noeviction', appendfsync: 'always' };

describe('the problems of a Redis', () => {
  it.each<[string, Partial<DiskFacts>, string[]]>([
    ['7.0 that writes to disk before it answers', {}, []],
    ['7.2, which can be asked about the disk', { version: '7.2.0', appendfsync: 'everysec' }, []],
    ['8 behind a provider that forbids CONFIG', { version: '8.2.1', appendfsync: undefined }, []],
    ['an old version', { version: '6.2.14' }, ['redis_version is 6.2.14, expected 7.0 or later']],
    ['no append-only file', { aof: false }, ['appendonly is no, expected yes']],
    ['eviction', { policy: 'allkeys-lru' }, ['maxmemory-policy is allkeys-lru, expected noeviction']],
    [
      '7.0 that loses a second',
      { appendfsync: 'everysec' },
      ['appendfsync is everysec, expected always before Redis 7.2'],
    ],
    [
      '7.0 that does not tell',
      { appendfsync: undefined },
      ['appendfsync is not shown (CONFIG is forbidden), expected always before Redis 7.2'],
    ],
  ])('%s', (_, facts, problems) => {
    expect(problemsOf({ ...safe, ...facts }).map(({ text }) => text)).toEqual(problems);
  });

  it('are all reported at once', () => {
    const problems = problemsOf({ version: '5.0.0', aof: false, policy: 'volatile-ttl', appendfsync: 'no' });
    expect(problems.map(({ cause }) => cause)).toEqual(['version', 'aof', 'eviction', 'appendfsync']);
  });
});
