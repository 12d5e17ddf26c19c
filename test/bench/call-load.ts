import { Kafka, logLevel, Partitioners, type Message, type Producer } from 'kafkajs';
import { encodeEvent } from '#events';
import type { BenchServers } from './bench-servers.ts';

/** The numbers that have settings. */
export const NUMBERS = 20_000;

/** The bench's `index`-th number: 050 and eight digits. */
export function benchNumber(index: number): string {
  return `050${String(10_000_000 + index)}`;
}

/** What may differ about a call of the bench. */
interface BenchCallOptions {
  /** When the switch publishes it, epoch ms. */
  readonly endedAt?: number;
  readonly number?: string;
  /** The line of the number; the same number by default. */
  readonly lineNumber?: string;
  /** Length of an additional, unknown field. */
  readonly padding?: number;
}

/** The `index`-th call of a run. With the bench's settings `answered` becomes no mail (C5), `unanswered` one. */
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

/** Runs `work` with a connected producer. */
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

/** Small enough that even the largest calls fit into one record batch for each partition. */
const BATCH = 2_000;

/** Publishes `count` records to a topic; `make` gets the index. */
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
