import type { RawRecord } from '#events';
import { eventually } from '../support/eventually.ts';
import { testAdmin } from '../support/kafka.ts';
import {
  numberOf,
  prepareConsumer,
  publishEvents,
  startConsumer,
  type ConsumerTest,
} from './kafka-consumer-for-test.ts';

/** The sum of the offsets that the group has committed. */
async function committed({ connection, groupId }: ConsumerTest): Promise<number> {
  const admin = await testAdmin();
  const [topic] = await admin.fetchOffsets({ groupId, topics: [`${connection.topicPrefix}call-events`] });
  return topic!.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

const numbers = (to: number): number[] => Array.from({ length: to }, (_, index) => index);

const sorted = (values: Iterable<number>): number[] => [...values].toSorted((a, b) => a - b);

const LIMIT_MS = 60_000;

describe('a group consumer', () => {
  it(
    'hands batches to the controller and commits what is acknowledged',
    async () => {
      const test = await prepareConsumer();
      const seen: RawRecord[] = [];
      let calls = 0;
      const consumer = await startConsumer(test, async (batch) => {
        calls++;
        for (const record of batch.records) {
          await batch.fence();
          seen.push(record);
          batch.ack(record);
        }
      });
      // Right after its topics were made it may join twice.
      await eventually(() => consumer.strategy.ready().ok);
      await publishEvents(test, 0, 1_000);
      await eventually(() => seen.length === 1_000);
      expect(sorted(seen.map(numberOf))).toEqual(numbers(1_000));
      expect(calls).toBeLessThan(100);
      await eventually(async () => (await committed(test)) === 1_000);
      const first = seen.find((record) => numberOf(record) === 7)!;
      expect(first).toMatchObject({
        topic: 'call-events',
        key: Buffer.from('key 7'),
        headers: { ce_id: 'e7' },
      });
      expect(Math.abs(Date.now() - first.timestamp)).toBeLessThan(30_000);
      expect(BigInt(first.offset)).toBeGreaterThanOrEqual(0n);
      await eventually(() => consumer.strategy.lag().get('call-events') === 0, 15_000);
      await consumer.close();
      expect(consumer.strategy.ready().ok).toBe(false);
      expect(test.lines.filter(({ level }) => level === 'error')).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'commits only the contiguous prefix, and hands out again what is unacknowledged but nothing that is acknowledged',
    async () => {
      const test = await prepareConsumer(1);
      await publishEvents(test, 0, 10, 0);
      const handed: number[][] = [];
      let release = false;
      const consumer = await startConsumer(test, async (batch) => {
        handed.push(batch.records.map(numberOf));
        for (const record of batch.records) {
          if (numberOf(record) !== 4 || release) batch.ack(record);
        }
        return release ? undefined : { resumeAt: Date.now() + 200 };
      });
      await eventually(() => handed.length >= 3);
      expect(await committed(test)).toBe(4);
      expect(handed.slice(1).every((batch) => String(batch) === '4')).toBe(true);
      await publishEvents(test, 10, 12, 0);
      await eventually(() => handed.at(-1)!.includes(11) || handed.flat().includes(11));
      expect(consumer.strategy.oldestUnackedSeconds().get('call-events')).toBeGreaterThan(0);
      release = true;
      await eventually(async () => (await committed(test)) === 12);
      expect(handed.flat().filter((number) => number !== 4)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);
      await eventually(() => consumer.strategy.oldestUnackedSeconds().get('call-events') === 0);
      await consumer.close();
    },
    LIMIT_MS,
  );

  it(
    'retries a batch whose handler threw, and processes the other partitions meanwhile',
    async () => {
      const test = await prepareConsumer(2);
      const acked = new Set<number>();
      const thrownAt: number[] = [];
      const consumer = await startConsumer(test, async (batch) => {
        for (const record of batch.records) {
          if (numberOf(record) === 0 && thrownAt.length < 3) {
            thrownAt.push(Date.now());
            throw new TypeError('a bug of ours');
          }
          acked.add(numberOf(record));
          batch.ack(record);
        }
      });
      await publishEvents(test, 0, 1, 0);
      await eventually(() => thrownAt.length === 1);
      await publishEvents(test, 1, 50, 1);
      await eventually(() => acked.size === 49);
      expect(thrownAt.length).toBeLessThan(3);
      await eventually(() => acked.size === 50);
      expect(thrownAt[1]! - thrownAt[0]!).toBeGreaterThanOrEqual(1_000);
      expect(consumer.strategy.ready().ok).toBe(true);
      expect(test.lines.some(({ message }) => message === 'batch failed, trying again')).toBe(true);
      await consumer.close();
    },
    LIMIT_MS,
  );

  it(
    'pauses a partition until its time and processes the others',
    async () => {
      const test = await prepareConsumer(2);
      const restUntil = Date.now() + 3_000;
      const seen: { number: number; at: number }[] = [];
      const consumer = await startConsumer(test, async (batch) => {
        if (batch.partition === 0 && Date.now() < restUntil) return { resumeAt: restUntil };
        for (const record of batch.records) {
          seen.push({ number: numberOf(record), at: Date.now() });
          batch.ack(record);
        }
        return undefined;
      });
      await publishEvents(test, 0, 5, 0);
      await publishEvents(test, 5, 10, 1);
      await eventually(() => seen.length === 5);
      expect(Date.now()).toBeLessThan(restUntil);
      await eventually(() => seen.length === 10);
      const rested = seen.filter(({ number }) => number < 5);
      expect(Math.min(...rested.map(({ at }) => at))).toBeGreaterThanOrEqual(restUntil);
      expect(Math.max(...rested.map(({ at }) => at))).toBeLessThan(restUntil + 2_000);
      await consumer.close();
    },
    LIMIT_MS,
  );

  it(
    'stops within a second when it is paused, and a rebalance does not resume it',
    async () => {
      const test = await prepareConsumer(4);
      const seen = new Set<number>();
      const ackAll = async (batch: {
        records: readonly RawRecord[];
        ack(record: RawRecord): void;
      }): Promise<void> => {
        for (const record of batch.records) {
          seen.add(numberOf(record));
          batch.ack(record);
        }
      };
      const first = await startConsumer(test, ackAll);
      const second = await startConsumer(test, ackAll);
      await publishEvents(test, 0, 100);
      await eventually(() => seen.size === 100);
      first.strategy.pause();
      await second.close();
      await eventually(() => first.strategy.ready().ok);
      await publishEvents(test, 100, 200);
      await expect(eventually(() => seen.size > 100, 3_000)).rejects.toThrow('Still false');
      await eventually(() => first.strategy.lag().get('call-events') === 100, 15_000);
      expect(first.strategy.ready().ok).toBe(true);
      first.strategy.resume();
      await eventually(() => seen.size === 200);
      await first.close();
    },
    LIMIT_MS,
  );

  it(
    'aborts what is in flight when it is closed, and commits what was acknowledged',
    async () => {
      const test = await prepareConsumer(1);
      await publishEvents(test, 0, 3, 0);
      const began = Promise.withResolvers<void>();
      const consumer = await startConsumer(test, async (batch) => {
        batch.ack(batch.records[0]!);
        began.resolve();
        await new Promise((resolve) => batch.signal.addEventListener('abort', resolve));
        batch.ack(batch.records[1]!);
      });
      await began.promise;
      const start = Date.now();
      await consumer.close();
      expect(Date.now() - start).toBeLessThan(5_000);
      expect(await committed(test)).toBe(2);
    },
    LIMIT_MS,
  );

  it(
    'commits every second while a batch is processed',
    async () => {
      const test = await prepareConsumer(1);
      await publishEvents(test, 0, 3, 0);
      const done = Promise.withResolvers<void>();
      const consumer = await startConsumer(test, async (batch) => {
        const [first, second, third] = batch.records;
        batch.ack(first!);
        batch.ack(third!);
        await done.promise;
        batch.ack(second!);
      });
      await eventually(async () => (await committed(test)) === 1);
      done.resolve();
      await eventually(async () => (await committed(test)) === 3);
      await consumer.close();
      expect(test.lines.filter(({ level }) => level === 'error')).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'does not start without a handler for its topic',
    async () => {
      const test = await prepareConsumer(1);
      await expect(startConsumer(test, 'none')).rejects.toThrow(
        "topic call-events: no @EventPattern('call-events') handler",
      );
    },
    LIMIT_MS,
  );
});
