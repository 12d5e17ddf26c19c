import { GroupConsumer } from './group-consumer.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('GroupConsumer', () => {
  it('starts nothing after it was closed, as by an app that ends while it waits for Kafka', async () => {
    const connection = { brokers: ['127.0.0.1:1'], clientId: 'c', ssl: false, topicPrefix: '', log: silent };
    const consumer = new GroupConsumer({ connection, groupId: 'g', topics: ['any'] }, new Map());
    await consumer.close();
    const before = timers();
    await expect(consumer.start()).rejects.toMatchObject({ code: 'closed' });
    expect(timers()).toBe(before);
  });
});
