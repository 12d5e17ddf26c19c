import { setTimeout as pause } from 'node:timers/promises';
import { assignerWith, type GroupHooks } from '../kafkajs/group-hooks.ts';
import {
  createKafka,
  retryUntilTopicsKnown,
  type Cluster,
  type Consumer,
  type ConsumerConfig,
  type ConsumerRunConfig,
  type KafkaConnection,
} from '../kafkajs/kafka-client.ts';
import { classifyWanting, KafkaError } from '../kafkajs/kafka-error.ts';

/** Retries until Kafka is back, at most a second apart: a consumer that gives up joins again as a new member. */
const RETRY = { retries: Infinity, initialRetryTime: 100, maxRetryTime: 1_000 };

/** Backoff before a consumer is replaced. It doubles unless the last one had been fetching for as long as the longest. */
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

/** How long a hanging consumer may take to stop: its batches have 10 s. */
const STOP_WITHIN_MS = 15_000;

/** The same at shutdown, when nothing is in flight any more, and for a consumer that is joining at that time. */
const LEAVE_WITHIN_MS = 5_000;

/** Connections with a pending request close later, by themselves. */
const CLOSE_SOCKETS_MS = 1_000;

export interface RestartingConsumerOptions extends Partial<GroupHooks> {
  readonly connection: KafkaConnection;
  readonly config: Omit<ConsumerConfig, 'retry' | 'partitionAssigners'>;
  /** As they are in Kafka; read from the beginning where the group has committed nothing. */
  readonly topics: readonly string[];
  readonly run: ConsumerRunConfig;
  /** Called with each kafkajs consumer before it connects, to subscribe to its events. */
  readonly onCreated?: (consumer: Consumer) => void;
}

/** One kafkajs consumer, from its first connection to its end. */
interface Instance {
  readonly consumer: Consumer;
  readonly cluster: Cluster;
  /** Resolves with the reason for its end. */
  readonly ended: PromiseWithResolvers<KafkaError>;
  readonly joined: PromiseWithResolvers<void>;
  isConnected: boolean;
  /** When it was first given what it had fetched, epoch ms. */
  fetchingSince: number | undefined;
}

/**
 * A consumer that outlives every outage of Kafka: when its kafkajs consumer crashes, cannot start, or hangs, a new one
 * takes its place. It gives up only when Kafka refuses its credentials before it has ever joined its group.
 */
export class RestartingConsumer {
  private readonly options: RestartingConsumerOptions;
  private readonly closing = new AbortController();
  private readonly firstJoin = Promise.withResolvers<void>();
  private running: Promise<void> | undefined;
  private instance: Instance | undefined;
  private joined = false;
  private hasJoinedBefore = false;
  private backoffMs = FIRST_BACKOFF_MS;
  private error: string | undefined;
  private started = 0;

  constructor(options: RestartingConsumerOptions) {
    this.options = options;
  }

  /**
   * Resolves when it has joined its group for the first time, however long Kafka is unavailable. Rejects with a
   * `KafkaError`: `not-authorized`, or `closed` when it is closed before.
   */
  start(): Promise<void> {
    this.running ??= this.runInstances();
    return this.firstJoin.promise;
  }

  /** Whether it is a member of its group, as far as it knows. */
  get isJoined(): boolean {
    return this.joined;
  }

  /** Why the last kafkajs consumer ended; `undefined` once the present one has fetched something. */
  get lastError(): string | undefined {
    return this.error;
  }

  /** When the present kafkajs consumer was started, epoch ms; 0 before the first. */
  get startedAt(): number {
    return this.started;
  }

  /** The present kafkajs consumer. Throws while it is being replaced. */
  get consumer(): Consumer {
    if (!this.instance) throw new KafkaError('kafka', 'no consumer runs', { retryable: true });
    return this.instance.consumer;
  }

  /** Replaces the present kafkajs consumer. */
  replace(reason: string): void {
    this.instance?.ended.resolve(new KafkaError('kafka', reason, { retryable: true }));
  }

  /** Leaves the group, if Kafka lets it, and disconnects; within 10 s. */
  async close(): Promise<void> {
    this.closing.abort();
    const { instance } = this;
    // A consumer that is closed while it joins would remain a member until its session times out.
    if (instance?.isConnected)
      await atMost(LEAVE_WITHIN_MS, Promise.race([instance.joined.promise, instance.ended.promise]));
    instance?.ended.resolve(new KafkaError('closed', 'the consumer is closed', { retryable: true }));
    await this.running;
  }

  private async runInstances(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const instance = (this.instance = this.startInstance());
      const error = await instance.ended.promise;
      if (wasStable(instance, Date.now())) this.backoffMs = FIRST_BACKOFF_MS;
      await this.stopInstance(instance);
      if (signal.aborted) break;
      if (error.code === 'not-authorized' && !this.hasJoinedBefore) return this.firstJoin.reject(error);
      this.error = error.message;
      const { connection, config } = this.options;
      const line = { groupId: config.groupId, reason: error.message };
      connection.log.warn(line, 'A consumer ended; a new one takes its place');
      await pause(this.backoffMs, undefined, { signal }).catch(() => undefined);
      this.backoffMs = Math.min(this.backoffMs * 2, LONGEST_BACKOFF_MS);
    }
    this.firstJoin.reject(new KafkaError('closed', 'the consumer is closed', { retryable: true }));
  }

  private startInstance(): Instance {
    this.started = Date.now();
    const instance = this.createInstance();
    const { consumer, ended } = instance;
    consumer.on(consumer.events.GROUP_JOIN, () => this.onJoin(instance));
    consumer.on(consumer.events.FETCH, () => this.onFetch(instance));
    consumer.on(consumer.events.CRASH, ({ payload }) => ended.resolve(this.failureOf(payload.error)));
    this.options.onCreated?.(consumer);
    this.run(instance).catch((error: unknown) => ended.resolve(this.failureOf(error)));
    return instance;
  }

  private failureOf(error: unknown): KafkaError {
    const { topics, config } = this.options;
    return classifyWanting(`Read ${topics.join(', ')} in group ${config.groupId}`, error);
  }

  private createInstance(): Instance {
    const { connection, config } = this.options;
    let cluster: Cluster | undefined;
    // The end of a consumer that was replaced must not end its successor's batches.
    const assigner = assignerWith(this.hooksWhile(() => this.instance?.cluster === cluster));
    const consumer = createKafka(connection, RETRY).consumer({
      ...config,
      // kafkajs' own restart keeps a client that an outage may have left unusable.
      retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
      partitionAssigners: [
        (given) => {
          cluster = given.cluster;
          return assigner(given);
        },
      ],
    });
    if (!cluster) throw new TypeError('kafkajs: expected it to make its assigners with the consumer');
    const ended = Promise.withResolvers<KafkaError>();
    const joined = Promise.withResolvers<void>();
    return { consumer, cluster, ended, joined, isConnected: false, fetchingSince: undefined };
  }

  private hooksWhile(isPresent: () => boolean): GroupHooks {
    const { onPartitionsRevoked, onUnreadableBatch } = this.options;
    const hooks: GroupHooks = {
      onPartitionsRevoked: async (pendingSeeks) => {
        if (isPresent()) await onPartitionsRevoked?.(pendingSeeks);
      },
    };
    if (!onUnreadableBatch) return hooks;
    return { ...hooks, onUnreadableBatch: (batch) => isPresent() && onUnreadableBatch(batch) };
  }

  private async run(instance: Instance): Promise<void> {
    const { topics, run } = this.options;
    await instance.consumer.connect();
    instance.isConnected = true;
    // From the beginning also when an offset is out of range: the alternative skips records silently.
    const subscribe = () => instance.consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await retryUntilTopicsKnown(subscribe);
    await instance.consumer.run(run);
  }

  private onJoin(instance: Instance): void {
    instance.joined.resolve();
    if (this.instance !== instance || this.closing.signal.aborted) return;
    this.joined = true;
    this.hasJoinedBefore = true;
    this.firstJoin.resolve();
  }

  /** Only a fetch clears the error: what crashes a consumer may be what it fetches. */
  private onFetch(instance: Instance): void {
    instance.fetchingSince ??= Date.now();
    if (this.instance === instance) this.error = undefined;
  }

  /** Stops a consumer in order where that is possible, and closes its connections in any case. */
  private async stopInstance({ consumer, cluster, isConnected }: Instance): Promise<void> {
    this.joined = false;
    const within = this.closing.signal.aborted ? LEAVE_WITHIN_MS : STOP_WITHIN_MS;
    const left = consumer.disconnect().catch(() => undefined);
    if (isConnected) await atMost(within, left);
    this.instance = undefined;
    const closed = cluster.disconnect().catch(() => undefined);
    await atMost(CLOSE_SOCKETS_MS, closed);
  }
}

/** Whether a consumer had been fetching for so long that its failure is unrelated to its predecessor's. */
function wasStable({ fetchingSince }: Instance, now: number): boolean {
  return fetchingSince !== undefined && now - fetchingSince >= LONGEST_BACKOFF_MS;
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const late = pause(ms, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  done.abort();
}
