import { setTimeout as pause } from 'node:timers/promises';
import { classifyError } from '../kafkajs/classify-error.ts';
import { assignerWith, type GroupHooks } from '../kafkajs/group-hooks.ts';
import {
  createKafka,
  type Cluster,
  type Consumer,
  type ConsumerConfig,
  type ConsumerRunConfig,
} from '../kafkajs/kafka-client.ts';
import type { KafkaConnection } from '../kafkajs/kafka-connection.ts';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import { onceTopicsAreKnown } from '../kafkajs/once-topics-are-known.ts';

/** Goes on until Kafka is back, a second apart at most: a consumer that gives up joins again as a stranger. */
const RETRY = { retries: Infinity, initialRetryTime: 100, maxRetryTime: 1_000 };

/** Before a consumer that ended has a successor, doubled with each that did not read for as long as the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** How long a consumer that hangs may take to end: its batches have 10 s. */
const RETIRE_WITHIN_MS = 15_000;

/** The same at shutdown, when nothing is in work any more, and for one that is joining its group meanwhile. */
const LEAVE_WITHIN_MS = 5_000;

/** Connections with a request under way close later, by themselves. */
const CLOSE_SOCKETS_MS = 1_000;

export interface LastingConsumerOptions {
  readonly connection: KafkaConnection;
  readonly config: Omit<ConsumerConfig, 'retry' | 'partitionAssigners'>;
  /** As they are in Kafka; read from the beginning where the group has committed nothing. */
  readonly topics: readonly string[];
  readonly run: ConsumerRunConfig;
  readonly onPartitionsRevoked?: GroupHooks['onPartitionsRevoked'];
  readonly onUnreadableBatch?: GroupHooks['onUnreadableBatch'];
  /** Told of each kafkajs consumer before it begins, to listen to it. */
  readonly onBegin?: (consumer: Consumer) => void;
}

/** One kafkajs consumer from its first connection to its end. */
interface Life {
  readonly consumer: Consumer;
  readonly cluster: Cluster;
  readonly over: PromiseWithResolvers<KafkaError>;
  readonly joined: PromiseWithResolvers<void>;
  isConnected: boolean;
  /** When a fetch of it was read for the first time, epoch ms. */
  readsSince: number | undefined;
}

/**
 * A consumer that outlives every outage of Kafka: when its kafkajs consumer crashes, cannot begin or is found to hang, a
 * new one takes its place. Only Kafka's refusal of our credentials before it ever joined its group ends it.
 */
export class LastingConsumer {
  private readonly options: LastingConsumerOptions;
  private readonly closing = new AbortController();
  private readonly firstJoin = Promise.withResolvers<void>();
  private living: Promise<void> | undefined;
  private life: Life | undefined;
  private joined = false;
  private hasJoined = false;
  private pauseMs = FIRST_PAUSE_MS;
  private lastTrouble: string | undefined;
  private begunAt = 0;

  constructor(options: LastingConsumerOptions) {
    this.options = options;
  }

  /**
   * Resolves when it has joined its group for the first time, however long Kafka is away. Rejects with a `KafkaError`:
   * `not-authorized`, or `closed` when it is closed before.
   */
  start(): Promise<void> {
    this.living ??= this.live();
    return this.firstJoin.promise;
  }

  /** Whether it is a member of its group, as far as it knows. */
  get isJoined(): boolean {
    return this.joined;
  }

  /** Why the last kafkajs consumer ended; `undefined` when the present one has joined and could read what it fetched. */
  get trouble(): string | undefined {
    return this.lastTrouble;
  }

  /** When the present kafkajs consumer began, epoch ms; 0 before the first. */
  get since(): number {
    return this.begunAt;
  }

  /** The kafkajs consumer of now. Throws between two of them. */
  get consumer(): Consumer {
    if (!this.life) throw new KafkaError('kafka', 'no consumer runs', { retryable: true });
    return this.life.consumer;
  }

  /** Puts a new kafkajs consumer in the place of the present one. */
  replace(reason: string): void {
    this.life?.over.resolve(new KafkaError('kafka', reason, { retryable: true }));
  }

  /** Leaves the group, when Kafka lets it, and disconnects; within 10 s. */
  async close(): Promise<void> {
    this.closing.abort();
    const { life } = this;
    // One that is closed while it joins stays a member until its session is over.
    if (life?.isConnected)
      await atMost(LEAVE_WITHIN_MS, Promise.race([life.joined.promise, life.over.promise]));
    life?.over.resolve(new KafkaError('closed', 'the consumer is closed', { retryable: true }));
    await this.living;
  }

  private async live(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const life = (this.life = this.begin());
      const error = await life.over.promise;
      if (hasLasted(life, Date.now())) this.pauseMs = FIRST_PAUSE_MS;
      await this.retire(life);
      if (signal.aborted) break;
      if (error.code === 'not-authorized' && !this.hasJoined) return this.firstJoin.reject(error);
      this.lastTrouble = error.message;
      const { connection, config } = this.options;
      const line = { groupId: config.groupId, reason: error.message };
      connection.log.warn(line, 'A consumer ended; a new one takes its place');
      await pause(this.pauseMs, undefined, { signal }).catch(() => undefined);
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    }
    this.firstJoin.reject(new KafkaError('closed', 'the consumer is closed', { retryable: true }));
  }

  private begin(): Life {
    this.begunAt = Date.now();
    const life = this.createLife();
    const { consumer, over } = life;
    consumer.on(consumer.events.GROUP_JOIN, () => this.hasJoinedWith(life));
    consumer.on(consumer.events.FETCH, () => this.hasReadWith(life));
    consumer.on(consumer.events.CRASH, ({ payload }) => over.resolve(classifyError(payload.error)));
    this.options.onBegin?.(consumer);
    this.open(life).catch((error: unknown) => over.resolve(classifyError(error)));
    return life;
  }

  private createLife(): Life {
    const { connection, config } = this.options;
    let cluster: Cluster | undefined;
    // The end of a consumer that has a successor must not end the successor's work.
    const assigner = assignerWith(this.hooksWhile(() => this.life?.cluster === cluster));
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
    const over = Promise.withResolvers<KafkaError>();
    const joined = Promise.withResolvers<void>();
    return { consumer, cluster, over, joined, isConnected: false, readsSince: undefined };
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

  private async open(life: Life): Promise<void> {
    const { topics, run } = this.options;
    await life.consumer.connect();
    life.isConnected = true;
    // From the beginning also when an offset is out of range: the other choice skips records silently.
    const subscribe = () => life.consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await onceTopicsAreKnown(subscribe);
    await life.consumer.run(run);
  }

  private hasJoinedWith(life: Life): void {
    life.joined.resolve();
    if (this.life !== life || this.closing.signal.aborted) return;
    this.joined = true;
    this.hasJoined = true;
    this.firstJoin.resolve();
  }

  /** Joining says little: what crashes it may be what it fetches. */
  private hasReadWith(life: Life): void {
    life.readsSince ??= Date.now();
    if (this.life === life) this.lastTrouble = undefined;
  }

  /** Ends it in order when that is possible, and closes its connections in any case. */
  private async retire({ consumer, cluster, isConnected }: Life): Promise<void> {
    this.joined = false;
    const within = this.closing.signal.aborted ? LEAVE_WITHIN_MS : RETIRE_WITHIN_MS;
    const left = consumer.disconnect().catch(() => undefined);
    if (isConnected) await atMost(within, left);
    this.life = undefined;
    const closed = cluster.disconnect().catch(() => undefined);
    await atMost(CLOSE_SOCKETS_MS, closed);
  }
}

/** Whether a consumer has read for so long that its end is no consequence of what ended the one before. */
function hasLasted({ readsSince }: Life, now: number): boolean {
  return readsSince !== undefined && now - readsSince >= LONGEST_PAUSE_MS;
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = pause(ms, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  over.abort();
}
