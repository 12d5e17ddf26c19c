/**
 * The contender to be measured against: kafkajs' `eachBatch`, doing nothing but to parse the JSON of each record.
 * Arguments: brokers, topic, number of records. Prints `{ "events", "seconds" }` from the first batch to the last.
 */
import { Kafka, logLevel } from 'kafkajs';

const [brokers = '', topic = '', count = '0'] = process.argv.slice(2);
const kafka = new Kafka({ clientId: 'bare', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({
  groupId: `bare-${process.pid}-${Date.now()}`,
  maxBytesPerPartition: 1_048_576,
});
const done = Promise.withResolvers<void>();
let events = 0;
let started = 0;

await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 12,
  eachBatch: async ({ batch }) => {
    started ||= performance.now();
    for (const message of batch.messages) JSON.parse(message.value?.toString() ?? 'null');
    events += batch.messages.length;
    if (events >= Number(count)) done.resolve();
  },
});
await done.promise;
const seconds = (performance.now() - started) / 1000;
await consumer.disconnect();
process.stdout.write(`${JSON.stringify({ events, seconds })}\n`);
