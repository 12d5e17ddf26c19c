import { setTimeout as pause } from 'node:timers/promises';
import { classifyError, type KafkaError } from '../kafkajs/kafka-error.ts';
import { splitByBytes } from './outgoing-record.ts';
import type { PublishCall } from './publish-call.ts';

/** A record on its way, and the call that waits for it. `message.chosen` is the partition of the last try. */
export interface Outgoing {
  readonly topic: string;
  readonly bytes: number;
  readonly call: PublishCall;
  readonly message: { chosen?: number };
}

/** Sends all or throws; when it throws, any part may have been written. */
export type SendOnce<T extends Outgoing> = (items: readonly T[]) => Promise<void>;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Sends until every record is acknowledged or nobody waits for it any more. After a failure each partition goes on
 * alone, with one send at a time: one without a leader neither repeats nor holds up the others'.
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

  /** Resolves when all is over, one way or the other; the calls learn how. Never rejects. */
  async deliver(items: readonly T[]): Promise<void> {
    const live = items.filter(({ call }) => !call.over);
    if (live.length === 0) return;
    const failure = await this.attempt(live);
    if (!failure) return;
    if (failure.retryable) await Promise.all(this.putAside(live));
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

  /** Finds the record that is refused among several by halves, and sends the others. */
  private async refuse(items: readonly T[], failure: KafkaError): Promise<void> {
    const half = Math.ceil(items.length / 2);
    if (items.length === 1) items[0]?.call.failed(failure);
    else await Promise.all([this.deliver(items.slice(0, half)), this.deliver(items.slice(half))]);
  }

  /** Leaves items to their partitions' loops, before those that came later; answers with the loops. */
  private putAside(items: readonly T[]): Promise<void>[] {
    return [...Map.groupBy(items, partitionOf)].map(([partition, group]) => {
      this.waiting.set(partition, [...group, ...(this.waiting.get(partition) ?? [])]);
      const loop = this.loops.get(partition) ?? this.retry(partition);
      this.loops.set(partition, loop);
      return loop;
    });
  }

  private async retry(partition: string): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await pause(pauseMs * (0.5 + Math.random() / 2));
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
      if (failure?.retryable) return void this.putAside(groups.slice(index).flat());
      if (failure) await this.refuse(group, failure);
    }
  }
}

function partitionOf({ topic, message }: Outgoing): string {
  return `${topic}/${message.chosen ?? ''}`;
}
