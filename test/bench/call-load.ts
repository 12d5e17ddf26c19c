import { Kafka, logLevel, Partitioners, type Message, type Producer } from 'kafkajs';
import { encodeEvent } from '#events';
import type { BenchServers } from './bench-servers.ts';

/** The numbers that have settings. */
export const NUMBERS = 20_000;

/** The `index`-th of the numbers that the bench knows: 050 and eight digits. */
export function benchNumber(index: number): string {
  return `050${String(10_000_000 + index)}`;
}

/** What can be different about a call of the bench. */
interface BenchCallOptions {
  /** When the switch told of it, epoch ms. */
  readonly endedAt?: number;
  readonly number?: string;
  /** The number's line, when that is another. */
  readonly lineNumber?: string;
  /** Characters more, in a field that nobody knows. */
  readonly padding?: number;
}

/** The `index`-th call of a run. `answered` becomes no mail (C5) with the bench's settings, `unanswered` one. */
export function benchCall(
  run: string,
  index: number,
  outcome: 'answered' | 'unanswered',
  options: BenchCallOptions = {},
): Message {
  const { endedAt = Date.now(), number = benchNumber(index % NUMBERS), padding = 0 } = options;
  const startedAt = new Date(endedAt - 15_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const { key, value, headers } = encodeEvent({
    type: 'call.v1',
    source: 'bench-switch',
    id: `${run}-${index}`,
    time: endedAt,
    key: number,
    data: {
      lineNumber: options.lineNumber ?? number,
      calledNumber: number,
      caller: { number: `0901${String(1_000_000 + (index % 10_000))}` },
      startedAt,
      ringSeconds: 12,
      outcome,
      ...(padding > 0 ? { padding: 'x'.repeat(padding) } : {}),
    },
  });
  return { key, value, headers: { ...headers } };
}

/** A producer of the bench's own, connected while `work` runs. */
export async function withProducer<T>(
  { KAFKA_BROKERS }: BenchServers,
  work: (producer: Producer) => Promise<T>,
): Promise<T> {
  const kafka = new Kafka({
    clientId: 'bench-load',
    brokers: KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
  await producer.connect();
  try {
    return await work(producer);
  } finally {
    await producer.disconnect();
  }
}

/** Also of the largest calls no more than a record batch may have for each partition. */
const BATCH = 2_000;

/** Fills a topic with `count` records, made by their index. */
export async function publishMany(
  servers: BenchServers,
  topic: string,
  count: number,
  make: (index: number) => Message,
): Promise<void> {
  await withProducer(servers, async (producer) => {
    for (let sent = 0; sent < count; sent += BATCH) {
      const messages = Array.from({ length: Math.min(BATCH, count - sent) }, (_, index) =>
        make(sent + index),
      );
      await producer.send({ topic, messages, acks: -1 });
    }
  });
}
