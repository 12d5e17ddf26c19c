import { ACCESS_LADDER, NOTICE_LADDER, nextTry, parkedWait, type RetryLadder } from './retry-policy.ts';

const HOUR = 3_600_000;

describe('nextTry', () => {
  it.each([
    [1, 'notify-retry-10s', 10_000],
    [2, 'notify-retry-1m', 60_000],
    [3, 'notify-retry-10m', 600_000],
    [4, 'notify-retry-1h', HOUR],
    [5, 'notify-retry-1h', HOUR],
    [40, 'notify-retry-1h', HOUR],
  ])('sends a notice after %i failed attempts to %s', (attempts, retryTopic, delay) => {
    expect(nextTry(NOTICE_LADDER, attempts, 1000, 100 * HOUR)).toEqual({
      retryTopic,
      notBefore: 1000 + delay,
    });
  });

  it.each([
    [1, 'access-retry-5s', 5_000],
    [2, 'access-retry-30s', 30_000],
    [9, 'access-retry-30s', 30_000],
  ])('O5 sends an access mail after %i failed attempts to %s', (attempts, retryTopic, delay) => {
    expect(nextTry(ACCESS_LADDER, attempts, 0, HOUR)).toEqual({ retryTopic, notBefore: delay });
  });

  it('C15 ends when the next try would come at the deadline or later', () => {
    expect(nextTry(NOTICE_LADDER, 1, 0, 10_001)).toBeDefined();
    expect(nextTry(NOTICE_LADDER, 1, 0, 10_000)).toBeUndefined();
  });

  it('waits the shortest for what was no attempt', () => {
    expect(parkedWait(NOTICE_LADDER, 5, 5)).toEqual({ retryTopic: 'notify-retry-10s', notBefore: 10_005 });
    expect(parkedWait(ACCESS_LADDER, 5, 5)).toEqual({ retryTopic: 'access-retry-5s', notBefore: 5_005 });
  });

  it('looks less often after a mail that is under way for longer than a dead owner could hold it', () => {
    const topicAfter = (ladder: RetryLadder, ms: number) => parkedWait(ladder, ms, 0).retryTopic;
    expect([70_000, 120_000, 600_000].map((ms) => topicAfter(NOTICE_LADDER, ms))).toEqual([
      'notify-retry-10s',
      'notify-retry-1m',
      'notify-retry-1m',
    ]);
    expect([70_000, 120_000].map((ms) => topicAfter(ACCESS_LADDER, ms))).toEqual([
      'access-retry-5s',
      'access-retry-30s',
    ]);
  });
});
