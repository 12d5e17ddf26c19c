import { createRequire } from 'node:module';
import { followTopic } from '#kafka';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import {
  prepareConsumer,
  startConsumer,
  type ConsumerTest,
  type RunningConsumer,
} from './kafka-consumer-for-test.ts';

const LIMIT_MS = 60_000;

const require = createRequire(import.meta.url);

/** What every fetch goes through. */
interface FetchResponse {
  decode(answer: Buffer): Promise<unknown>;
}

/** Turns a bit of each batch that holds such a text, on its way from Kafka, until the returned function is called. */
function breakOnTheWay(text: string): () => void {
  const response = require('kafkajs/src/protocol/requests/fetch/v11/response.js') as FetchResponse;
  const { decode } = response;
  const repair = (): void => void Object.assign(response, { decode });
  closeLater(repair);
  response.decode = (answer) => {
    for (let at = answer.indexOf(text); at >= 0; at = answer.indexOf(text, at + 1)) {
      answer[at] = (answer[at] ?? 0) ^ 1;
    }
    return decode(answer);
  };
  return repair;
}

/** Makes each fetch of every consumer fail for good until the returned function is called. */
function crashEachFetch(): () => void {
  const { prototype } = require('kafkajs/src/consumer/runner.js') as { prototype: { fetch: unknown } };
  const { fetch } = prototype;
  const repair = (): void => void Object.assign(prototype, { fetch });
  closeLater(repair);
  prototype.fetch = () => Promise.reject(new TypeError('not to be read'));
  return repair;
}

/** A consumer that acknowledges all and notes the values, by partition. */
async function startNoting(test: ConsumerTest): Promise<{ consumer: RunningConsumer; values: string[][] }> {
  const values: string[][] = [[], []];
  const consumer = await startConsumer(test, async (batch) => {
    for (const one of batch.records) {
      values[one.partition]?.push(String(one.value));
      batch.ack(one);
    }
  });
  return { consumer, values };
}

async function publish({ publisher }: ConsumerTest, partition: number, value: string): Promise<void> {
  await publisher.publish([{ topic: 'call-events', partition, key: null, value, headers: {} }]);
}

describe('a consumer that meets a batch damaged on a disk or on the network', () => {
  it(
    'pauses its partition alone, says why, and reads it when it is whole again',
    async () => {
      const test = await prepareConsumer(2);
      const repair = breakOnTheWay('broken');
      const { consumer, values } = await startNoting(test);
      // A group's first consumer may meet a coordinator that is only loading it.
      const replacedAtStart = replacements(test);
      await publish(test, 0, 'before');
      await publish(test, 0, 'broken');
      await publish(test, 0, 'behind');
      const reason = `the record batch at ${test.connection.topicPrefix}call-events/0/1 cannot be read: its checksum is wrong`;
      await eventually(() => consumer.strategy.ready().reasons.includes(reason));
      await publish(test, 1, 'elsewhere');
      await eventually(() => values[1]?.length === 1);
      expect(values).toEqual([['before'], ['elsewhere']]);
      expect(test.lines).toContainEqual({
        level: 'warn',
        fields: expect.objectContaining({ partition: 0, reason }),
        message: 'Partition paused: its next batch cannot be read',
      });
      expect(replacements(test)).toEqual(replacedAtStart);
      repair();
      await eventually(() => values[0]?.length === 3);
      expect(values[0]).toEqual(['before', 'broken', 'behind']);
      expect(consumer.strategy.ready()).toEqual({ ok: true, reasons: [] });
      await consumer.close();
    },
    LIMIT_MS,
  );

  it(
    'replaces the consumer of a reader that follows the topic, until the batch is whole again',
    async () => {
      const test = await prepareConsumer(1);
      const repair = breakOnTheWay('broken');
      await publish(test, 0, 'broken');
      const values: string[] = [];
      const following = await followTopic(
        test.connection,
        'call-events',
        ({ value }) => void values.push(String(value)),
      );
      closeLater(() => following.close());
      const reason = 'call-events/0/0 cannot be read: its checksum is wrong';
      await eventually(() => JSON.stringify(replacements(test)).includes(reason));
      repair();
      await eventually(() => values.length === 1);
      expect(values).toEqual(['broken']);
    },
    LIMIT_MS,
  );
});

describe('a group consumer whose kafkajs consumer crashes for good', () => {
  it(
    'is not ready, says why, backs off, and leaves nothing open of its consumers',
    async () => {
      const test = await prepareConsumer(2);
      const healthy = await startNoting(test);
      await publish(test, 0, 'acknowledged');
      await eventually(() => healthy.values[0]?.length === 1);
      const before = openNow();
      await healthy.consumer.close();
      await publish(test, 0, 'waits');
      const repair = crashEachFetch();
      const { consumer, values } = await startNoting(test);
      const begun = Date.now();
      await eventually(() => consumer.strategy.ready().reasons.join().includes('not to be read'));
      await eventually(() => replacements(test).length >= MANY, LIMIT_MS);
      expect(Date.now() - begun).toBeGreaterThan(PAUSES_MS);
      expect(consumer.strategy.ready().ok).toBe(false);
      expect(values[0]).toEqual([]);
      repair();
      await eventually(() => values[0]?.length === 1);
      await eventually(() => consumer.strategy.ready().ok);
      // The watchdog has a socket and timers by now; so many consumers had more.
      await eventually(() => openNow() <= before + 4);
      expect(test.lines.filter(({ level }) => level === 'error')).toEqual([]);
      await consumer.close();
    },
    2 * LIMIT_MS,
  );
});

const MANY = 6;
/** Between so many ends of consumers: 0.1 s, doubled each time. */
const PAUSES_MS = 100 + 200 + 400 + 800 + 1_600;

/** What was logged of each consumer that was replaced. */
function replacements({ lines }: ConsumerTest): object[] {
  return lines.filter(({ message }) => message.startsWith('A consumer ended')).map(({ fields }) => fields);
}

/** Sockets and timers of this process that keep it alive. */
function openNow(): number {
  return process.getActiveResourcesInfo().filter((kind) => /^(TCPSocketWrap|Timeout)$/.test(kind)).length;
}
