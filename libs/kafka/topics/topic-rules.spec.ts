import {
  findUnfit,
  leastRecordBytes,
  TOPIC_RULES,
  type Circumstances,
  type SeenTopic,
} from './topic-rules.ts';

const HOUR_MS = 3_600_000;
const DEADLINES = { call: 6 * HOUR_MS, fax: 24 * HOUR_MS, fault: 24 * HOUR_MS, access: 24 * HOUR_MS };

const FIT = {
  'cleanup.policy': 'delete',
  'retention.ms': '604800000',
  'retention.bytes': '-1',
  'min.insync.replicas': '2',
  'unclean.leader.election.enable': 'false',
};

/** All topics, fit, but for what the test changes in one of them. */
function topics(
  name = '',
  config: Record<string, string> = {},
  { replication = 3, partitions = 12 } = {},
): SeenTopic[] {
  const bytes = { source: '1048588', retry: '1200000', 'dead-letters': '1300000', published: '1048588' };
  return TOPIC_RULES.map((rule) => {
    const fit = { ...FIT, 'cleanup.policy': rule.cleanup, 'max.message.bytes': bytes[rule.role] };
    const changed = rule.topic === name;
    return {
      rule,
      name: `stage-${rule.topic}`,
      replication: changed ? replication : 3,
      partitions: changed ? partitions : 12,
      config: changed ? { ...fit, ...config } : fit,
    };
  });
}

const on = (brokers: number): Circumstances => ({ brokers, deadlines: DEADLINES });

describe('findUnfit', () => {
  it('refuses a retention below the longest deadline of what passes by the topic (C15)', () => {
    const deadlines = { ...DEADLINES, call: 8 * 24 * 3_600_000 };
    const refused = findUnfit(topics('', { 'retention.ms': '604800000' }), { brokers: 3, deadlines });
    const of = ['call-events', 'notify-retry-10s', 'notify-retry-1m', 'notify-retry-10m', 'notify-retry-1h'];
    expect(refused).toEqual(
      of.map((topic) =>
        expect.stringContaining(
          `topic stage-${topic}: retention.ms is 604800000, expected at least 691200000`,
        ),
      ),
    );
  });

  it('accepts topics that hold the promise', () => {
    expect(findUnfit(topics(), on(3))).toEqual([]);
    expect(
      findUnfit(topics('call-events', { 'min.insync.replicas': '1' }, { replication: 1 }), on(1)),
    ).toEqual([]);
    expect(findUnfit(topics('call-events', {}, { replication: 2 }), on(2))).toEqual([]);
    expect(findUnfit(topics('call-events', { 'retention.ms': '-1' }), on(3))).toEqual([]);
    expect(findUnfit(topics('call-events', { 'retention.ms': '21600000' }), on(3))).toEqual([]);
    // Nothing is dropped by age where it is compacted.
    expect(findUnfit(topics('switch-settings', { 'retention.ms': '1' }), on(3))).toEqual([]);
  });

  it.each([1, 2])('refuses replication %d on a cluster of three', (replication) => {
    const config = { 'min.insync.replicas': String(replication) };
    expect(findUnfit(topics('call-events', config, { replication }), on(3))).toEqual([
      expect.stringContaining(
        `topic stage-call-events: replication is ${replication} on a cluster of 3 brokers`,
      ),
    ]);
  });

  it.each([
    [
      'call-events',
      { 'min.insync.replicas': '1' },
      /^topic stage-call-events: min\.insync\.replicas is 1 with replication 3, expected 2/,
    ],
    ['notify-dlq', { 'min.insync.replicas': '4' }, /nothing could be published/],
    ['fax-events', { 'cleanup.policy': 'compact' }, /cleanup\.policy is compact, expected delete/],
    ['fax-events', { 'cleanup.policy': 'compact,delete' }, /cleanup\.policy is compact,delete/],
    [
      'switch-settings',
      { 'cleanup.policy': 'delete' },
      /cleanup\.policy is delete, expected compact: deletion drops what the switch still has to know/,
    ],
    ['call-events', { 'retention.ms': '21599999' }, /retention\.ms is 21599999, expected at least 21600000/],
    [
      'notify-retry-1h',
      { 'retention.ms': '21600000' },
      /retention\.ms is 21600000, expected at least 86400000/,
    ],
    ['fault-events', { 'retention.bytes': '1000000' }, /retention\.bytes is 1000000, expected -1/],
    [
      'access-mails',
      { 'unclean.leader.election.enable': 'true' },
      /unclean\.leader\.election\.enable is true/,
    ],
    [
      'notify-dlq',
      { 'max.message.bytes': '1200000' },
      /max\.message\.bytes is 1200000, expected at least 1265536/,
    ],
    [
      'access-retry-5s',
      { 'max.message.bytes': '1048588' },
      /max\.message\.bytes is 1048588, expected at least 1114124/,
    ],
  ])('refuses %s with %j', (name, config, reason) => {
    const reasons = findUnfit(topics(name, config), on(3));
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(reason);
  });

  it('V5 refuses one partition for the settings of the switch, in which a line would overwrite its own number', () => {
    expect(findUnfit(topics('switch-settings', {}, { partitions: 1 }), on(3))).toEqual([
      expect.stringContaining('topic stage-switch-settings: it has 1 partition, expected at least 2'),
    ]);
    expect(findUnfit(topics('switch-settings', {}, { partitions: 2 }), on(3))).toEqual([]);
  });

  it('refuses dead letters that cannot take what a larger source holds', () => {
    const reasons = findUnfit(topics('call-events', { 'max.message.bytes': '5000000' }), on(3));
    expect(reasons).toHaveLength(7);
    expect(reasons.join()).toMatch(
      /stage-notify-dlq: max\.message\.bytes is 1300000, expected at least 5131072/,
    );
  });
});

describe('leastRecordBytes', () => {
  it('leaves room for the headers that each step adds', () => {
    const least = leastRecordBytes(topics());
    expect(least.retry).toBeGreaterThanOrEqual(1_048_588 + 10_000);
    expect(least['dead-letters']).toBeGreaterThanOrEqual(least.retry + 10_000);
  });
});
