import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { encodeEvent } from '#events';

/** The `index`-th of the numbers that the bench knows: 050 and eight digits. */
export function benchNumber(index: number): string {
  return `050${String(10_000_000 + index)}`;
}

const BATCH = 5_000;

/**
 * Fills a topic with calls over `numbers` numbers. `outcome: 'answered'` becomes no mail (C5) with the bench's settings,
 * `unanswered` one. Every event has an id of its own, prefixed.
 */
export async function publishCalls(
  brokers: string,
  topic: string,
  count: number,
  numbers: number,
  outcome: 'answered' | 'unanswered',
): Promise<void> {
  const kafka = new Kafka({
    clientId: 'bench-load',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const startedAt = new Date(Date.now() - 15_000).toISOString().replace(/\.\d+Z$/, 'Z');
  for (let sent = 0; sent < count; sent += BATCH) {
    const messages = Array.from({ length: Math.min(BATCH, count - sent) }, (_, index) => {
      const number = benchNumber((sent + index) % numbers);
      const { key, value, headers } = encodeEvent({
        type: 'call.v1',
        source: 'bench-switch',
        id: `${outcome}-${sent + index}`,
        time: Date.now(),
        key: number,
        data: {
          lineNumber: number,
          calledNumber: number,
          caller: { number: `0901${String(1_000_000 + index)}` },
          startedAt,
          ringSeconds: 12,
          outcome,
        },
      });
      return { key, value, headers: { ...headers } };
    });
    await producer.send({ topic, messages, acks: -1 });
  }
  await producer.disconnect();
}
