import { setTimeout as pause } from 'node:timers/promises';
import { classifyError } from '../kafkajs/classify-error.ts';
import { KafkaError } from '../kafkajs/kafka-error.ts';

/** kafkajs sends none by itself while a batch is worked. */
const BEAT_EVERY_MS = 500;

/** Beyond this part of the session's time the group may have given our partitions away. */
const FENCE_AT = 0.7;

/** How soon, and how often, to ask again when kafkajs held a heartbeat back. */
const ASK_AGAIN_MS = 100;
const ASKS = 20;

const PASSED = Promise.resolve();

/** Keeps the group membership alive while batches are worked, and knows when it may have been lost. */
export class Heartbeats {
  private readonly staleMs: number;
  private readonly onLost: (error: KafkaError) => void;
  private send: () => Promise<void> = () => PASSED;
  private confirming: Promise<void> | undefined;
  private lost: KafkaError | undefined;
  private timer: NodeJS.Timeout | undefined;
  private works = 0;
  /** When the request that was answered last was sent: the group counts the session from its arrival, not our reading. */
  private sentAt = 0;
  private knownAt = { wall: 0, monotonic: 0 };

  constructor(sessionTimeoutMs: number, onLost: (error: KafkaError) => void) {
    this.staleMs = sessionTimeoutMs * FENCE_AT;
    this.onLost = onLost;
  }

  /** An answer to a heartbeat or a join has come, good or bad; `sentAt` in epoch ms. */
  answered(sentAt: number): void {
    this.sentAt = sentAt;
  }

  /** That answer was good: we are a member. */
  alive(): void {
    this.lost = undefined;
    this.knownAt = { wall: this.sentAt, monotonic: performance.now() - (Date.now() - this.sentAt) };
  }

  /** How long ago, at least, the group last knew of us. */
  get ageMs(): number {
    // The wall clock can be set back, the monotonic one stands still while the machine sleeps.
    return Math.max(Date.now() - this.knownAt.wall, performance.now() - this.knownAt.monotonic);
  }

  /** Beats until the returned function is called; `send` is kafkajs' heartbeat of a batch. */
  during(send: () => Promise<void>): () => void {
    this.send = send;
    this.works++;
    this.timer ??= setInterval(() => this.beat(), BEAT_EVERY_MS);
    return () => {
      this.works--;
      if (this.works > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  /** Resolves when our partitions are surely still ours; rejects with `partition-lost` when they may not be. */
  fence(): Promise<void> {
    if (this.lost) return Promise.reject(this.lost);
    if (this.ageMs < this.staleMs) return PASSED;
    this.confirming ??= this.confirm().finally(() => (this.confirming = undefined));
    return this.confirming;
  }

  /** Asks the group. kafkajs may hold a heartbeat back, because it dates the last one by when it read the answer. */
  private async confirm(): Promise<void> {
    for (let asks = 0; asks < ASKS; asks++) {
      try {
        await this.send();
      } catch (error) {
        throw this.loose(error);
      }
      if (this.ageMs < this.staleMs) return;
      await pause(ASK_AGAIN_MS);
    }
    throw this.loose(new Error('no heartbeat leaves'));
  }

  private beat(): void {
    this.send().catch((error: unknown) => {
      if (isOutOfGroup(error) || this.ageMs >= this.staleMs) this.loose(error);
    });
  }

  private loose(cause: unknown): KafkaError {
    const message = `the partitions may be somebody else's: ${classifyError(cause).message}`;
    this.lost = new KafkaError('partition-lost', message, { retryable: true, cause });
    this.onLost(this.lost);
    return this.lost;
  }
}

const OUT_OF_GROUP = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
]);

function isOutOfGroup(error: unknown): boolean {
  const type: unknown = error instanceof Error ? Reflect.get(error, 'type') : undefined;
  return typeof type === 'string' && OUT_OF_GROUP.has(type);
}
