/**
 * A consumer in a process of its own, to be killed and frozen. Arguments: brokers, topic prefix, group. Prints a line
 * for each event when it begins and when it ends its work on it: `{ "step", "number", "at" }`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordBatch } from '#delivery';
import { KafkaBatchStrategy } from '#kafka';

const WORK_MS = 5;

const [brokers = '', topicPrefix = '', groupId = ''] = process.argv.slice(2);
const note = (): void => {};
const log = { debug: note, info: note, warn: note, error: note };
const strategy = new KafkaBatchStrategy({
  connection: { brokers: brokers.split(','), clientId: 'consumer-process', ssl: false, topicPrefix, log },
  groupId,
  topics: ['call-events'],
});

/** Resolves when it is out of this process: what is only queued dies with it. */
function print(step: string, number: unknown): Promise<void> {
  const line = `${JSON.stringify({ step, number, at: Date.now() })}\n`;
  return new Promise((resolve) => process.stdout.write(line, () => resolve()));
}

async function work(batch: RecordBatch): Promise<void> {
  for (const record of batch.records) {
    if (batch.signal.aborted) return;
    try {
      await batch.fence();
    } catch {
      return;
    }
    await print('begin', Number(String(record.value)));
    await delay(WORK_MS);
    await print('end', Number(String(record.value)));
    batch.ack(record);
  }
}

strategy.addHandler('call-events', (batch: RecordBatch) => work(batch), true);
process.once('SIGTERM', () => void strategy.close());
await strategy.listen(() => void print('joined', 0));
