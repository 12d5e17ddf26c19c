import { LastingConsumer } from '../../libs/kafka/lasting-consumer.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { prepareLane, publishEvents } from './kafka-lane-for-test.ts';

describe('a consumer that hangs', () => {
  it('is replaced by one that joins the group and reads on, and leaves no member behind', async () => {
    const test = await prepareLane(1);
    const seen: string[] = [];
    let begun = 0;
    const consumer = new LastingConsumer({
      connection: test.connection,
      config: { groupId: test.groupId, sessionTimeout: 30_000, maxWaitTimeInMs: 100 },
      topics: [`${test.connection.topicPrefix}call-events`],
      run: { eachMessage: async ({ message }) => void seen.push(String(message.value)) },
      onBegin: () => void (begun += 1),
    });
    closeLater(() => consumer.close());
    await consumer.start();
    await publishEvents(test, 0, 1);
    await eventually(() => seen.length === 1);
    consumer.replace('it hangs');
    expect(consumer.trouble).toBeUndefined();
    await eventually(() => consumer.trouble === 'it hangs' || begun === 2);
    // A member that had not left would hold the group for the 30 s of its session.
    await eventually(() => begun === 2 && consumer.isJoined, 20_000);
    expect(consumer.trouble).toBeUndefined();
    await publishEvents(test, 1, 2);
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(['0', '1']);
  }, 60_000);

  it('rejects its start when it is closed before it joined', async () => {
    const test = await prepareLane(1);
    const consumer = new LastingConsumer({
      connection: { ...test.connection, brokers: ['127.0.0.1:1'] },
      config: { groupId: test.groupId },
      topics: ['any'],
      run: { eachMessage: () => Promise.resolve() },
    });
    const started = consumer.start();
    const closed = consumer.close();
    await expect(started).rejects.toMatchObject({ code: 'closed' });
    await closed;
    expect(() => consumer.consumer).toThrow('no consumer runs');
  });
});
