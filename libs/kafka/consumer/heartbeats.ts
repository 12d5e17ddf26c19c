import { setTimeout as pause } from 'node:timers/promises';
import { classifyError, KafkaError } from '../kafkajs/kafka-error.ts';

/** kafkajs sends none by itself while a batch is processed. */
const HEARTBEAT_EVERY_MS = 500;

/** After this fraction of the session time-out without a heartbeat the group may have given our partitions away. */
const FENCE_AT = 0.7;

/** How soon and how often to retry when kafkajs held a heartbeat back. */
const TRY_AGAIN_MS = 100;
const TRIES = 20;

const PASSED = Promise.resolve();

/** Keeps the group membership alive while batches are processed, and knows when it may have been lost. */
export class Heartbeats {
  private readonly staleMs: number;
  private readonly onLost: (error: KafkaError) => void;
  private send: () => Promise<void> = () => PASSED;
  private confirming: Promise<void> | undefined;
  private lost: KafkaError | undefined;
  private timer: NodeJS.Timeout | undefined;
  private users = 0;
  /** When the last answered request was sent: the group counts the session from its arrival, not from our reading. */
  private sentAt = 0;
  private confirmedAt = { wall: 0, monotonic: 0 };

  constructor(sessionTimeoutMs: number, onLost: (error: KafkaError) => void) {
    this.staleMs = sessionTimeoutMs * FENCE_AT;
    this.onLost = onLost;
  }

  /** Call when a heartbeat or a join was answered, with whatever result; `sentAt` is in epoch ms. */
  answered(sentAt: number): void {
    this.sentAt = sentAt;
  }

  /** Call when that answer confirmed our membership. */
  confirmed(): void {
    this.lost = undefined;
    this.confirmedAt = { wall: this.sentAt, monotonic: performance.now() - (Date.now() - this.sentAt) };
  }

  /** How long ago the group last confirmed our membership, at least. */
  get ageMs(): number {
    // The wall clock can be set back; the monotonic clock stands still while the machine sleeps.
    return Math.max(Date.now() - this.confirmedAt.wall, performance.now() - this.confirmedAt.monotonic);
  }

  /** Sends heartbeats until the returned function is called; `send` is the `heartbeat` of a kafkajs batch. */
  during(send: () => Promise<void>): () => void {
    this.send = send;
    this.users++;
    this.timer ??= setInterval(() => this.heartbeat(), HEARTBEAT_EVERY_MS);
    return () => {
      this.users--;
      if (this.users > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  /** Resolves when our partitions are certainly still ours. Rejects with `partition-lost` when they may not be. */
  fence(): Promise<void> {
    if (this.lost) return Promise.reject(this.lost);
    if (this.ageMs < this.staleMs) return PASSED;
    this.confirming ??= this.confirm().finally(() => (this.confirming = undefined));
    return this.confirming;
  }

  /** Sends a heartbeat and waits for it. kafkajs may hold one back, because it dates the last one by its answer. */
  private async confirm(): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        await this.send();
      } catch (error) {
        throw this.markLost(error);
      }
      if (this.ageMs < this.staleMs) return;
      await pause(TRY_AGAIN_MS);
    }
    throw this.markLost(new Error('no heartbeat could be sent'));
  }

  private heartbeat(): void {
    this.send().catch((error: unknown) => {
      if (isOutOfGroup(error) || this.ageMs >= this.staleMs) this.markLost(error);
    });
  }

  private markLost(cause: unknown): KafkaError {
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
