import { RestartingConsumer } from './restarting-consumer.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('RestartingConsumer', () => {
  it('rejects its start when it is closed while Kafka is away', async () => {
    const consumer = new RestartingConsumer({
      connection: { brokers: ['127.0.0.1:1'], clientId: 'c', ssl: false, topicPrefix: '', log: silent },
      config: { groupId: 'g' },
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
