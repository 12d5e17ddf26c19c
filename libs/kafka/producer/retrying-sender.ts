import { setTimeout as pause } from 'node:timers/promises';
import { classifyError, classifyWanting, type KafkaError } from '../kafkajs/kafka-error.ts';
import { splitByBytes } from './outgoing-record.ts';
import type { PublishCall } from './publish-call.ts';

/** A record to be sent, and the call that waits for it. `message.chosen` is the partition of the last attempt. */
export interface Outgoing {
  readonly topic: string;
  readonly bytes: number;
  readonly call: PublishCall;
  readonly message: { chosen?: number };
}

/** Sends all items, or throws. When it throws, some of them may have been written. */
export type SendOnce<T extends Outgoing> = (items: readonly T[]) => Promise<void>;

const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1_000;

/**
 * Sends records until each is acknowledged or its call has ended. After a failure each partition is retried separately,
 * with one send at a time, so that a partition without a leader delays no other and causes no duplicates there.
 */
export class RetryingSender<T extends Outgoing> {
  private readonly send: SendOnce<T>;
  private readonly sendBytes: number;
  private readonly waiting = new Map<string, T[]>();
  private readonly loops = new Map<string, Promise<void>>();

  constructor(send: SendOnce<T>, sendBytes: number) {
    this.send = send;
    this.sendBytes = sendBytes;
  }

  /** Resolves when every record was acknowledged or given up; its call is notified which. Never rejects. */
  async deliver(items: readonly T[]): Promise<void> {
    const live = items.filter(({ call }) => !call.over);
    if (live.length === 0) return;
    const failure = await this.attempt(live);
    if (!failure) return;
    if (failure.retryable) await Promise.all(this.queueRetry(live));
    else await this.refuse(live, failure);
  }

  private async attempt(items: readonly T[]): Promise<KafkaError | undefined> {
    try {
      await this.send(items);
    } catch (error) {
      const failure = classifyError(error);
      for (const { call } of items) call.delayed(failure);
      return failure;
    }
    for (const { call } of items) call.acknowledged();
    return undefined;
  }

  /** Finds the refused record among several by bisection, and sends the others. */
  private async refuse(items: readonly T[], failure: KafkaError): Promise<void> {
    const half = Math.ceil(items.length / 2);
    const [first] = items;
    if (items.length === 1 && first) first.call.failed(classifyWanting(`Write to ${first.topic}`, failure));
    else await Promise.all([this.deliver(items.slice(0, half)), this.deliver(items.slice(half))]);
  }

  /** Queues items for their partitions' retry loops, ahead of later ones, and returns those loops. */
  private queueRetry(items: readonly T[]): Promise<void>[] {
    return [...Map.groupBy(items, partitionOf)].map(([partition, group]) => {
      this.waiting.set(partition, [...group, ...(this.waiting.get(partition) ?? [])]);
      const loop = this.loops.get(partition) ?? this.retry(partition);
      this.loops.set(partition, loop);
      return loop;
    });
  }

  private async retry(partition: string): Promise<void> {
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)) {
      await pause(backoffMs * (0.5 + Math.random() / 2));
      const items = this.waiting.get(partition)?.filter(({ call }) => !call.over) ?? [];
      this.waiting.delete(partition);
      if (items.length === 0) break;
      await this.sendAgain(items);
    }
    this.loops.delete(partition);
  }

  private async sendAgain(items: readonly T[]): Promise<void> {
    const groups = splitByBytes(items, this.sendBytes);
    for (const [index, group] of groups.entries()) {
      const failure = await this.attempt(group);
      if (failure?.retryable) return void this.queueRetry(groups.slice(index).flat());
      if (failure) await this.refuse(group, failure);
    }
  }
}

function partitionOf({ topic, message }: Outgoing): string {
  return `${topic}/${message.chosen ?? ''}`;
}
