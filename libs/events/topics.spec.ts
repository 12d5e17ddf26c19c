import {
  IN_ORDER_TOPICS,
  isRetryTopic,
  LANE_TOPICS,
  RETRY_TOPICS,
  sourcesOf,
  TOPIC_NAMES,
  TOPICS,
} from './topics.ts';
import type { TopicDefinition } from './topics.ts';

const definitions = Object.entries<TopicDefinition>(TOPICS);

describe('the topics', () => {
  it('have a lane when the notifier reads them, and no other has one', () => {
    const read = definitions.filter(([, { readers }]) => readers.includes('notifier')).map(([name]) => name);
    expect(Object.values(LANE_TOPICS).flat().toSorted()).toEqual(read.toSorted());
  });

  it('wait ever longer from one retry topic of a ladder to the next', () => {
    for (const name of ['notice', 'access']) {
      const delays = RETRY_TOPICS.filter((topic) => TOPICS[topic].ladder === name).map(
        (topic) => TOPICS[topic].delayMs,
      );
      expect(delays).toEqual(delays.toSorted((one, other) => one - other));
    }
  });

  it('O5 keep access mails in a lane of their own, their retries too', () => {
    expect(LANE_TOPICS.access).toEqual(['access-mails', 'access-retry-5s', 'access-retry-30s']);
  });

  it('R4 are worked in order where faults pass, and where the head is the next to be due', () => {
    expect(IN_ORDER_TOPICS).toEqual(['fault-events', ...RETRY_TOPICS]);
  });

  it('have their sources: a retry topic those of its ladder, a source topic itself, the others none', () => {
    expect(sourcesOf('notify-retry-1h')).toEqual(['call-events', 'fax-events', 'fault-events']);
    expect(sourcesOf('access-retry-5s')).toEqual(['access-mails']);
    expect(sourcesOf('fax-events')).toEqual(['fax-events']);
    expect(sourcesOf('notify-dlq')).toEqual([]);
  });
});

it('isRetryTopic holds for the retry topics alone', () => {
  expect(TOPIC_NAMES.filter(isRetryTopic)).toEqual(RETRY_TOPICS);
  expect(isRetryTopic('stage.notify-retry-1m')).toBe(false);
});
