import { KafkaError } from '../kafkajs/kafka-error.ts';
import { createRequestPublisher } from './request-publisher.ts';

const RECORD = {
  topic: 'access-mails',
  key: Buffer.from('0312345678'),
  value: Buffer.from('{}'),
  headers: {},
};
const unacknowledged = new KafkaError('unacknowledged', 'no answer', { retryable: true });
const tooLarge = new KafkaError('too-large', 'too large', { retryable: false });

/** Publishes once for each answer, an error or none; resolves with how long each was given, in milliseconds. */
async function timesGiven(answers: readonly (KafkaError | undefined)[]): Promise<number[]> {
  const given: number[] = [];
  const left = [...answers];
  const publisher = createRequestPublisher({
    async publish(_records, { withinMs = 0 } = {}) {
      given.push(withinMs);
      const failure = left.shift();
      if (failure) throw failure;
    },
  });
  for (const failure of answers)
    if (failure) await expect(publisher.publish([RECORD])).rejects.toBe(failure);
    else await publisher.publish([RECORD]);
  return given;
}

describe('publishing for a request', () => {
  it('waits for a leader election, but not once more while Kafka is away', async () => {
    expect(await timesGiven([unacknowledged, unacknowledged, unacknowledged])).toEqual([
      10_000, 2_000, 2_000,
    ]);
  });

  it('is patient again as soon as Kafka has acknowledged something', async () => {
    expect(await timesGiven([unacknowledged, undefined, undefined])).toEqual([10_000, 2_000, 10_000]);
  });

  it('does not take a record that Kafka refuses for an outage', async () => {
    expect(await timesGiven([tooLarge, undefined])).toEqual([10_000, 10_000]);
  });
});
