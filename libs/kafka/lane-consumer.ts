import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, ConsumerConfig, ConsumerCrashEvent, Kafka, RequestEvent } from 'kafkajs';
import { assignerWith } from './join-patch.ts';
import { createKafka } from './kafka-client.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { KafkaError } from './kafka-error.ts';
import { LaneWatch } from './lane-watch.ts';
import { Lane } from './lane.ts';
import { onceTopicsAreKnown } from './once-topics-are-known.ts';
import type { BatchHandler } from './work-batch.ts';

/** A worker killed and started again stalls its whole group for the rest of its old session. */
const SESSION_TIMEOUT_MS = 10_000;

/** Goes on until Kafka is back, a second apart at most: with the default it crashes and joins as a stranger. */
const RETRY = { retries: 1000, initialRetryTime: 100, maxRetryTime: 1000 };

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
  retry: RETRY,
};

/** More than the partitions of a lane: one that waits for its mails must not keep another from starting. */
const PARTITIONS_AT_ONCE = 64;

/**
 * A batch ends within 30 s in all, because a rebalance waits for it. The lane reads on while a part of a fetch of
 * small events is unsettled: so there is work while outcomes are on their way, and memory stays bounded.
 */
const LIMITS = { workMs: 20_000, drainMs: 10_000, readAhead: 1_000 };

/** Batches end within 10 s of the abort; the rest is for the commit and for leaving the group. */
const CLOSE_WITHIN_MS = 20_000;

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
  /** The consumer is dead or hangs: log it and end the process. */
  readonly onFatal: (error: KafkaError) => void;
}

export interface Readiness {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

/** The consumer of a lane from its first connection to its last commit. */
export class LaneConsumer {
  private readonly options: LaneOptions;
  private readonly lane: Lane;
  private readonly watch: LaneWatch;
  private readonly consumer: Consumer;
  private joined = false;
  private closing = false;
  private dead: KafkaError | undefined;

  constructor(options: LaneOptions, handlers: ReadonlyMap<string, BatchHandler>) {
    const { connection, groupId } = options;
    const kafka = createKafka(connection, RETRY);
    this.options = options;
    const assigner = assignerWith((joining) => this.lane.beforeJoin(joining));
    this.consumer = kafka.consumer({ ...CONSUMER, groupId, partitionAssigners: [assigner] });
    this.lane = new Lane({
      consumer: this.consumer,
      topicPrefix: connection.topicPrefix,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      handlers,
      inOrder: new Set(options.inOrder),
      limits: LIMITS,
      log: connection.log,
    });
    this.watch = this.createWatch(kafka);
    this.listen();
  }

  /** Resolves when it has joined its group. Waits for Kafka while it is away. */
  async start(): Promise<void> {
    const { topicPrefix } = this.options.connection;
    await this.consumer.connect();
    const topics = this.options.topics.map((topic) => topicPrefix + topic);
    // From the beginning also when an offset is out of range: the other choice skips records silently.
    await onceTopicsAreKnown(() => this.consumer.subscribe({ topics, fromBeginning: true }));
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: this.lane.eachBatch,
    });
    this.watch.start();
  }

  /** Starts nothing more, waits for what is in work, commits, leaves the group; within 20 s. */
  async close(): Promise<void> {
    this.closing = true;
    this.joined = false;
    const left = this.lane.close().then(() => this.consumer.disconnect());
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
    if (this.dead) reasons.push(this.dead.message);
    if (this.closing) reasons.push(`the consumer of ${groupId} is closing`);
    else if (!this.joined) reasons.push(`the consumer has not joined its group ${groupId}`);
    else if (this.lane.heartbeats.ageMs > SESSION_TIMEOUT_MS)
      reasons.push(`the group ${groupId} does not hear of the consumer`);
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

  private createWatch(kafka: Kafka): LaneWatch {
    const { connection, groupId } = this.options;
    return new LaneWatch({
      admin: kafka.admin({ retry: { retries: 1 } }),
      groupId,
      partitions: this.lane.partitions,
      isPaused: (topic, partition) => this.lane.pauses.isPaused(topic, partition),
      silentMs: () => (this.joined ? this.lane.heartbeats.ageMs : undefined),
      onDead: (error) => this.die(error),
      log: connection.log,
    });
  }

  private listen(): void {
    const { consumer, lane } = this;
    consumer.on(consumer.events.REQUEST, ({ payload }: RequestEvent) => {
      if (MEMBERSHIP_REQUESTS.has(payload.apiName)) lane.heartbeats.answered(payload.sentAt);
    });
    consumer.on(consumer.events.HEARTBEAT, () => lane.heartbeats.alive());
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.joined = !this.closing;
      lane.heartbeats.alive();
      lane.joined(payload.memberAssignment, payload.memberId);
    });
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => lane.batchEnded(payload));
    consumer.on(consumer.events.CRASH, (event) => this.crashed(event));
  }

  /** kafkajs starts a crashed consumer again only when it takes the error for a passing one. */
  private crashed({ payload }: ConsumerCrashEvent): void {
    this.joined = false;
    if (payload.restart) return;
    const message = `the consumer of ${this.options.groupId} is dead: ${payload.error.message}`;
    this.die(new KafkaError('consumer-dead', message, { retryable: false, cause: payload.error }));
  }

  private die(error: KafkaError): void {
    if (this.dead || this.closing) return;
    this.dead = error;
    this.options.connection.log.error({ err: error, groupId: this.options.groupId }, error.message);
    this.options.onFatal(error);
  }
}
