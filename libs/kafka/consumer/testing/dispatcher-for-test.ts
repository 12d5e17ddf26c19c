import type {
  EachBatchPayload,
  KafkaMessage,
  Offsets,
  TopicPartitionOffset,
} from '../../kafkajs/kafka-client.ts';
import { BatchDispatcher, type BatchDispatcherOptions } from '../batch-dispatcher.ts';
import type { PendingSeeks } from '../../kafkajs/group-hooks.ts';
import type { BatchHandler } from '../process-batch.ts';

/** The assignment that a dispatcher starts with. */
export const MINE = { 'stage-a': [0, 1], 'stage-ordered': [0] };

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** kafkajs' side of a dispatcher: makes the batches that it hands over, and notes what it is asked for. */
export class KafkajsSide {
  readonly resolved: string[] = [];
  readonly committed: string[] = [];
  heartbeat: () => Promise<void> = async () => undefined;
  commit: (() => Promise<void>) | undefined;
  stale = false;

  payload(offsets: readonly number[], topic = 'stage-a', partition = 0): EachBatchPayload {
    const messages = offsets.map((offset): KafkaMessage => ({
      offset: String(offset),
      key: null,
      value: Buffer.from('v'),
      timestamp: String(1_795_000_000_000 + offset),
      attributes: 0,
      headers: {},
    }));
    const batch = {
      topic,
      partition,
      messages,
      highWatermark: '100',
      firstOffset: () => messages[0]?.offset ?? null,
      // A control record lies behind the last record.
      lastOffset: () => String(Number(messages.at(-1)?.offset) + 1),
    };
    return {
      batch,
      resolveOffset: (offset: string) => this.resolved.push(offset),
      heartbeat: () => this.heartbeat(),
      isStale: () => this.stale,
      commitOffsetsIfNecessary: async (asked: Offsets) => {
        await this.commit?.();
        for (const { partitions } of asked.topics)
          this.committed.push(...partitions.map((one) => one.offset));
      },
    } as unknown as EachBatchPayload;
  }
}

const LIMITS = { processingMs: 10_000, drainMs: 10_000, records: 10, bytes: 1_000 };

const started: BatchDispatcher[] = [];

/** A dispatcher, the seeks that it asked for, and its consumer. */
export type StartedDispatcher = BatchDispatcher & {
  readonly sought: string[];
  readonly seeks: PendingSeeks;
  readonly consumer: BatchDispatcherOptions['consumer'];
};

/** Starts a dispatcher with a fresh membership. */
export function startDispatcher(
  handler: BatchHandler,
  limits: Partial<typeof LIMITS> = {},
): StartedDispatcher {
  const sought: string[] = [];
  const seeks = { clear: () => void sought.splice(0) };
  const consumer = {
    pause() {},
    resume() {},
    seek: ({ topic, partition, offset }: TopicPartitionOffset) =>
      void sought.push(`${topic}/${partition}@${offset}`),
  };
  const handlers = new Map([
    ['a', handler],
    ['ordered', handler],
  ]);
  const dispatcher = new BatchDispatcher({
    consumer,
    topicPrefix: 'stage-',
    sessionTimeoutMs: 10_000,
    handlers,
    inOrder: new Set(['ordered']),
    log: silent,
    limits: { ...LIMITS, ...limits },
  });
  started.push(dispatcher);
  dispatcher.heartbeats.answered(Date.now());
  dispatcher.heartbeats.confirmed();
  dispatcher.onPartitionsAssigned(MINE, 'member-1');
  return Object.assign(dispatcher, { sought, seeks, consumer });
}

/** Closes every dispatcher that was started, after each test. */
export function closeDispatchers(): void {
  for (const dispatcher of started.splice(0)) void dispatcher.close();
}

/** Hands a batch over and waits until it has been processed. */
export async function processed(dispatcher: BatchDispatcher, payload: EachBatchPayload): Promise<void> {
  await dispatcher.eachBatch(payload);
  await dispatcher.drain();
}

/** Acknowledges every record. */
export const ackAll: BatchHandler = async (batch) => {
  for (const record of batch.records) batch.ack(record);
  return undefined;
};

/** Resolves once it is so; a test's own limit ends the waiting. */
export async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await nextTurn();
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
