/**
 * The baseline: kafkajs' `eachBatch`, which only parses the JSON of each record. Arguments: brokers, topic, number of
 * records. Prints `{ "events", "seconds" }` from the second fetch to the last record; the first fetch is left out, because
 * the time before its first batch cannot be measured.
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
let begun: { readonly at: number; readonly events: number } | undefined;

consumer.on(consumer.events.FETCH_START, () => {
  if (events > 0) begun ??= { at: performance.now(), events };
});
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 12,
  eachBatch: async ({ batch }) => {
    for (const message of batch.messages) JSON.parse(message.value?.toString() ?? 'null');
    events += batch.messages.length;
    if (events >= Number(count)) done.resolve();
  },
});
await done.promise;
const result = {
  events: events - (begun?.events ?? 0),
  seconds: (performance.now() - (begun?.at ?? 0)) / 1000,
};
await consumer.disconnect();
process.stdout.write(`${JSON.stringify(result)}\n`);
