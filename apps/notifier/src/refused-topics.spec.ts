import { KafkaError, type OutgoingRecord } from '#kafka';
import { RefusedTopics } from './refused-topics.ts';

const record = (topic: string): OutgoingRecord => ({ topic, key: null, value: null, headers: {} });

describe('topics that Kafka does not let us write', () => {
  let now = 0;
  const lines: object[] = [];
  const refusedTopics = new RefusedTopics({ error: (fields: object) => void lines.push(fields) }, () => now);
  let answer: KafkaError | undefined;
  const publisher = refusedTopics.watch({
    publish: () => (answer ? Promise.reject(answer) : Promise.resolve()),
    close: () => Promise.resolve(),
  });

  it('are named as long as they are refused, and in the log once', async () => {
    await publisher.publish([record('outcomes.v1')]);
    expect(refusedTopics.trouble).toBeUndefined();
    answer = new KafkaError('not-authorized', 'Kafka: TOPIC_AUTHORIZATION_FAILED', { retryable: false });
    for (now = 0; now < 100_000; now += 20_000) {
      await expect(publisher.publish([record('notify-retry-10s')])).rejects.toBe(answer);
      expect(refusedTopics.trouble).toBe(
        'cannot write to notify-retry-10s (Kafka: TOPIC_AUTHORIZATION_FAILED)',
      );
    }
    expect(lines).toMatchObject([{ topic: 'notify-retry-10s' }]);
    now += 30_000;
    expect(refusedTopics.trouble).toBeUndefined();
  });

  it('are not those of a record that is refused for what it is, or of a Kafka that is away', async () => {
    for (const code of ['too-large', 'unacknowledged'] as const) {
      answer = new KafkaError(code, 'Kafka', { retryable: code === 'unacknowledged' });
      await expect(publisher.publish([record('notify-dlq')])).rejects.toBe(answer);
    }
    expect(refusedTopics.trouble).toBeUndefined();
  });
});
