import { setTimeout as pause } from 'node:timers/promises';
import {
  createKafka,
  type Consumer,
  type ConsumerConfig,
  type KafkaConnection,
  type RequestEvent,
} from '../kafkajs/kafka-client.ts';
import type { KafkaLog } from '../kafkajs/kafka-log.ts';
import type { UnreadableBatch } from '../kafkajs/unreadable-batch.ts';
import { BatchDispatcher } from './batch-dispatcher.ts';
import { ConsumerWatchdog } from './consumer-watchdog.ts';
import type { BatchHandler } from './process-batch.ts';
import { RestartingConsumer } from './restarting-consumer.ts';

/** A consumer that is killed and started again stalls its whole group until its old session times out. */
const SESSION_TIMEOUT_MS = 10_000;

/** The watchdog has to notice that Kafka is unavailable, not to wait for it. */
const WATCHDOG_RETRY = { retries: 1, initialRetryTime: 100 };

const CONSUMER: Omit<ConsumerConfig, 'groupId'> = {
  sessionTimeout: SESSION_TIMEOUT_MS,
  /** An aborted batch has 10 s to end. A consumer that takes longer than this leaves the group and joins again. */
  rebalanceTimeout: 30_000,
  /** Below our own interval, so that kafkajs sends each of our heartbeats. */
  heartbeatInterval: 450,
  /** Some 1,500 events: how long a batch blocks the event loop. Fewer batches are less work for each event. */
  maxBytesPerPartition: 512 * 1024,
  /** Bounds the memory, however many partitions there are: they take turns (`patch-consumer-group.ts`). */
  maxBytes: 1_536 * 1024,
  /** Kafka answers with the first record. An empty fetch ends soon, because a resumed partition waits for it. */
  minBytes: 1,
  maxWaitTimeInMs: 250,
  /** New partitions are seen within this time. */
  metadataMaxAge: 30_000,
  allowAutoTopicCreation: false,
};

/** More than a consumer's partitions: one that waits for its mails must not keep another from starting. */
const PARTITIONS_AT_ONCE = 64;

/**
 * A batch ends within 30 s in all, because a rebalance waits for it. The read-ahead is a fraction of a fetch of small
 * events: enough to have work while outcomes are being published, and a bound for the memory.
 */
const LIMITS = { processingMs: 20_000, drainMs: 10_000, records: 1_000, bytes: 32 * 1024 * 1024 };

/** Batches end within 10 s of the abort; the rest is for the commit and for leaving the group. */
const CLOSE_WITHIN_MS = 20_000;

/** When to fetch an unreadable batch again: by then the partition may have another leader, or a repaired batch. */
const READ_AGAIN_MS = 5_000;

/** Requests whose response proves that the group knows us. */
const MEMBERSHIP_REQUESTS = new Set(['Heartbeat', 'SyncGroup']);

export interface GroupConsumerOptions {
  readonly connection: KafkaConnection;
  /** The consumer group, exactly as Kafka sees it: `denwa-notify-main`. */
  readonly groupId: string;
  /** Without prefix; each topic needs one `@EventPattern('<topic>')` handler. */
  readonly topics: readonly string[];
  /** Topics whose partitions are processed one batch at a time; none when absent. */
  readonly inOrder?: readonly string[];
}

export interface Readiness {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

/** A member of a consumer group, from its first connection to its last commit, whatever Kafka does meanwhile. */
export class GroupConsumer {
  private readonly options: GroupConsumerOptions;
  private readonly dispatcher: BatchDispatcher;
  private readonly watchdog: ConsumerWatchdog;
  private readonly restarting: RestartingConsumer;
  private closing = false;

  constructor(options: GroupConsumerOptions, handlers: ReadonlyMap<string, BatchHandler>) {
    this.options = options;
    const { topicPrefix, log } = options.connection;
    this.dispatcher = new BatchDispatcher({
      consumer: {
        pause: (topics) => this.restarting.consumer.pause(topics),
        resume: (topics) => this.restarting.consumer.resume(topics),
        seek: (offset) => this.restarting.consumer.seek(offset),
      },
      topicPrefix,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      handlers,
      inOrder: new Set(options.inOrder),
      limits: LIMITS,
      log,
    });
    this.restarting = this.createConsumer();
    this.watchdog = this.createWatchdog();
  }

  /**
   * Resolves when it has joined its group, however long Kafka is unavailable. Rejects with a `KafkaError`:
   * `not-authorized`, or `closed` when it is closed before.
   */
  start(): Promise<void> {
    if (!this.closing) this.watchdog.start();
    return this.restarting.start();
  }

  /** Accepts nothing more, ends what is in flight, commits, and leaves the group; within 20 s. */
  async close(): Promise<void> {
    this.closing = true;
    const left = this.dispatcher.close().then(() => this.restarting.close());
    const closed = Promise.all([left, this.watchdog.close()]);
    const late = new AbortController();
    const waited = pause(CLOSE_WITHIN_MS, 'late', { signal: late.signal }).catch(() => 'in time');
    if ((await Promise.race([closed, waited])) === 'late') {
      this.options.connection.log.warn(
        { groupId: this.options.groupId },
        'Kafka did not let the consumer leave in time',
      );
    }
    late.abort();
  }

  setPaused(paused: boolean): void {
    this.dispatcher.pauses.setAll(paused);
  }

  ready(): Readiness {
    const { groupId } = this.options;
    const reasons: string[] = [];
    if (this.closing) reasons.push(`the consumer of ${groupId} is closing`);
    else if (!this.restarting.isJoined) reasons.push(`the consumer has not joined its group ${groupId}`);
    else if (this.dispatcher.heartbeats.ageMs > SESSION_TIMEOUT_MS)
      reasons.push(`the group ${groupId} has not heard from the consumer`);
    const outage = reasons.length > 0 ? this.watchdog.lastError : undefined;
    const lastError = outage ?? this.restarting.lastError;
    if (lastError !== undefined) reasons.push(lastError);
    reasons.push(...this.dispatcher.partitions.unreadable());
    return { ok: reasons.length === 0, reasons };
  }

  lag(): Map<string, number> {
    return this.byPlainTopic(this.dispatcher.partitions.lag());
  }

  oldestUnackedMs(): Map<string, number> {
    return this.byPlainTopic(this.dispatcher.partitions.oldestUnackedMs(Date.now()));
  }

  private byPlainTopic(byTopic: ReadonlyMap<string, number>): Map<string, number> {
    const { topicPrefix } = this.options.connection;
    return new Map(this.options.topics.map((topic) => [topic, byTopic.get(topicPrefix + topic) ?? 0]));
  }

  private createConsumer(): RestartingConsumer {
    const { connection, groupId, topics } = this.options;
    const { dispatcher } = this;
    return new RestartingConsumer({
      connection,
      config: { ...CONSUMER, groupId },
      topics: topics.map((topic) => connection.topicPrefix + topic),
      run: {
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: dispatcher.eachBatch,
      },
      onPartitionsRevoked: dispatcher.onPartitionsRevoked,
      onUnreadableBatch: (batch) => pauseUnreadable(batch, dispatcher, connection.log),
      onCreated: (consumer) => subscribe(dispatcher, consumer),
    });
  }

  private createWatchdog(): ConsumerWatchdog {
    const { connection, groupId, topics } = this.options;
    const { dispatcher, restarting } = this;
    return new ConsumerWatchdog({
      admin: createKafka(connection, WATCHDOG_RETRY).admin(),
      groupId,
      topics: topics.map((topic) => connection.topicPrefix + topic),
      partitions: dispatcher.partitions,
      isPaused: (topic, partition) => dispatcher.pauses.isPaused(topic, partition),
      silentMs: () => (restarting.isJoined ? dispatcher.heartbeats.ageMs : Date.now() - restarting.startedAt),
      onHang: (reason) => restarting.replace(reason),
      log: connection.log,
    });
  }
}

/** Subscribes a dispatcher to a consumer's group events. */
function subscribe(dispatcher: BatchDispatcher, consumer: Consumer): void {
  const { heartbeats } = dispatcher;
  consumer.on(consumer.events.REQUEST, ({ payload }: RequestEvent) => {
    if (MEMBERSHIP_REQUESTS.has(payload.apiName)) heartbeats.answered(payload.sentAt);
  });
  consumer.on(consumer.events.HEARTBEAT, () => heartbeats.confirmed());
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    heartbeats.confirmed();
    dispatcher.onPartitionsAssigned(payload.memberAssignment, payload.memberId);
  });
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => dispatcher.onBatchEnd(payload));
}

/** Pauses the partition of an unreadable batch, and no other. */
function pauseUnreadable(
  { topic, partition, message }: UnreadableBatch,
  { partitions, pauses }: BatchDispatcher,
  log: KafkaLog,
): void {
  const progress = partitions.get(topic, partition);
  if (progress) progress.unreadable = message;
  pauses.until(topic, partition, Date.now() + READ_AGAIN_MS);
  log.warn({ topic, partition, reason: message }, 'Partition paused: its next batch cannot be read');
}
