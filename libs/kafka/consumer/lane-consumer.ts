import { setTimeout as pause } from 'node:timers/promises';
import {
  createKafka,
  type Consumer,
  type ConsumerConfig,
  type RequestEvent,
} from '../kafkajs/kafka-client.ts';
import type { KafkaConnection } from '../kafkajs/kafka-connection.ts';
import type { KafkaLog } from '../kafkajs/kafka-log.ts';
import { LaneWatch } from './lane-watch.ts';
import { Lane } from './lane.ts';
import { LastingConsumer } from './lasting-consumer.ts';
import type { UnreadableBatch } from '../kafkajs/unreadable-batch.ts';
import type { BatchHandler } from './work-batch.ts';

/** A worker killed and started again stalls its whole group for the rest of its old session. */
const SESSION_TIMEOUT_MS = 10_000;

/** The watch has to learn that Kafka is away, not to wait for it. */
const WATCH_RETRY = { retries: 1, initialRetryTime: 100 };

const CONSUMER: Omit<ConsumerConfig, 'groupId'> = {
  sessionTimeout: SESSION_TIMEOUT_MS,
  /** Work that was told to end has 10 s for it; who takes longer than this is put out of the group and joins again. */
  rebalanceTimeout: 30_000,
  /** Below our own beat, so that each of ours leaves. */
  heartbeatInterval: 450,
  /** Bounds the memory, and the time a batch blocks the loop: some 500 events. More is faster and holds more. */
  maxBytesPerPartition: 128 * 1024,
  /** Room for every partition's share: kafkajs always asks in the same order, and the last ones would starve. */
  maxBytes: 32 * 1024 * 1024,
  /** Kafka answers with the first record; an empty fetch ends soon, because a resumed partition waits for it. */
  minBytes: 1,
  maxWaitTimeInMs: 250,
  /** Added partitions are seen within that time. */
  metadataMaxAge: 30_000,
  allowAutoTopicCreation: false,
};

/** More than the partitions of a lane: one that waits for its mails must not keep another from starting. */
const PARTITIONS_AT_ONCE = 64;

/**
 * A batch ends within 30 s in all, because a rebalance waits for it. The lane reads on while a part of a fetch of
 * small events is unsettled: so there is work while outcomes are on their way, and memory stays bounded.
 */
const LIMITS = { workMs: 20_000, drainMs: 10_000, readAhead: 1_000, readAheadBytes: 32 * 1024 * 1024 };

/** Batches end within 10 s of the abort; the rest is for the commit and for leaving the group. */
const CLOSE_WITHIN_MS = 20_000;

/** When a batch that could not be read is fetched again: its partition's leader, or what it holds, may be another then. */
const READ_AGAIN_MS = 5_000;

/** Requests whose answer says that the group knows of us. */
const MEMBERSHIP_REQUESTS = new Set(['Heartbeat', 'SyncGroup']);

export interface LaneOptions {
  readonly connection: KafkaConnection;
  /** The consumer group, exactly as Kafka sees it: `denwa-notify-main`. */
  readonly groupId: string;
  /** The topics of the lane, without prefix; each needs one `@EventPattern('<topic>')` handler. */
  readonly topics: readonly string[];
  /** Topics of which a partition's batches are worked one after the other; none when absent. */
  readonly inOrder?: readonly string[];
}

export interface Readiness {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

/** The consumer of a lane from its first connection to its last commit, whatever Kafka does meanwhile. */
export class LaneConsumer {
  private readonly options: LaneOptions;
  private readonly lane: Lane;
  private readonly watch: LaneWatch;
  private readonly lasting: LastingConsumer;
  private closing = false;

  constructor(options: LaneOptions, handlers: ReadonlyMap<string, BatchHandler>) {
    this.options = options;
    const { topicPrefix, log } = options.connection;
    this.lane = new Lane({
      consumer: {
        pause: (topics) => this.lasting.consumer.pause(topics),
        resume: (topics) => this.lasting.consumer.resume(topics),
        seek: (offset) => this.lasting.consumer.seek(offset),
      },
      topicPrefix,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      handlers,
      inOrder: new Set(options.inOrder),
      limits: LIMITS,
      log,
    });
    this.lasting = this.createLasting();
    this.watch = this.createWatch();
  }

  /**
   * Resolves when it has joined its group. Waits for Kafka while it is away. Rejects with a `KafkaError`:
   * `not-authorized`, or `closed` when it is closed before.
   */
  start(): Promise<void> {
    if (!this.closing) this.watch.start();
    return this.lasting.start();
  }

  /** Starts nothing more, waits for what is in work, commits, leaves the group; within 20 s. */
  async close(): Promise<void> {
    this.closing = true;
    const left = this.lane.close().then(() => this.lasting.close());
    const closed = Promise.all([left, this.watch.close()]);
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
    this.lane.pauses.setAll(paused);
  }

  ready(): Readiness {
    const { groupId } = this.options;
    const reasons: string[] = [];
    if (this.closing) reasons.push(`the consumer of ${groupId} is closing`);
    else if (!this.lasting.isJoined) reasons.push(`the consumer has not joined its group ${groupId}`);
    else if (this.lane.heartbeats.ageMs > SESSION_TIMEOUT_MS)
      reasons.push(`the group ${groupId} does not hear of the consumer`);
    const away = reasons.length > 0 ? this.watch.trouble : undefined;
    const trouble = away ?? this.lasting.trouble;
    if (trouble !== undefined) reasons.push(trouble);
    reasons.push(...this.lane.partitions.unreadable());
    return { ok: reasons.length === 0, reasons };
  }

  lag(): Map<string, number> {
    return this.byPlainTopic(this.lane.partitions.lag());
  }

  oldestUnsettledMs(): Map<string, number> {
    return this.byPlainTopic(this.lane.partitions.oldestUnsettledMs(Date.now()));
  }

  private byPlainTopic(byTopic: ReadonlyMap<string, number>): Map<string, number> {
    const { topicPrefix } = this.options.connection;
    return new Map(this.options.topics.map((topic) => [topic, byTopic.get(topicPrefix + topic) ?? 0]));
  }

  private createLasting(): LastingConsumer {
    const { connection, groupId, topics } = this.options;
    const { lane } = this;
    return new LastingConsumer({
      connection,
      config: { ...CONSUMER, groupId },
      topics: topics.map((topic) => connection.topicPrefix + topic),
      run: {
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
        eachBatch: lane.eachBatch,
      },
      onPartitionsRevoked: lane.onPartitionsRevoked,
      onUnreadableBatch: (batch) => letWait(batch, lane, connection.log),
      onBegin: (consumer) => listen(consumer, lane),
    });
  }

  private createWatch(): LaneWatch {
    const { connection, groupId, topics } = this.options;
    const { lane, lasting } = this;
    return new LaneWatch({
      admin: createKafka(connection, WATCH_RETRY).admin(),
      groupId,
      topics: topics.map((topic) => connection.topicPrefix + topic),
      partitions: lane.partitions,
      isPaused: (topic, partition) => lane.pauses.isPaused(topic, partition),
      silentMs: () => (lasting.isJoined ? lane.heartbeats.ageMs : Date.now() - lasting.since),
      onHang: (reason) => lasting.replace(reason),
      log: connection.log,
    });
  }
}

/** Tells a lane what its consumer learns of the group. */
function listen(consumer: Consumer, lane: Lane): void {
  consumer.on(consumer.events.REQUEST, ({ payload }: RequestEvent) => {
    if (MEMBERSHIP_REQUESTS.has(payload.apiName)) lane.heartbeats.answered(payload.sentAt);
  });
  consumer.on(consumer.events.HEARTBEAT, () => lane.heartbeats.alive());
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    lane.heartbeats.alive();
    lane.joined(payload.memberAssignment, payload.memberId);
  });
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => lane.batchEnded(payload));
}

/** Lets the partition of a batch that cannot be read wait, and no other. */
function letWait({ topic, partition, message }: UnreadableBatch, lane: Lane, log: KafkaLog): void {
  const known = lane.partitions.get(topic, partition);
  if (known) known.unreadable = message;
  lane.pauses.until(topic, partition, Date.now() + READ_AGAIN_MS);
  log.warn({ topic, partition, reason: message }, 'A partition waits: it cannot be read on');
}
