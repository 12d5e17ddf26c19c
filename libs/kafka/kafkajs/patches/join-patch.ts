import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import type { Batch, PartitionAssigner } from 'kafkajs';
import { cutAtUnreadable, type UnreadableBatch } from '../unreadable-batch.ts';

/** What a hook may do with the group that is about to be joined. */
export interface Joining {
  /** Forgets every `seek` that no fetch has followed yet: kafkajs keeps them over a join, whoever has the partition. */
  forgetSeeks(): void;
}

/** What is awaited before a consumer joins its group, the first time and each time it joins again, or leaves it. */
export type BeforeJoin = (joining: Joining) => Promise<void>;

/** What a consumer tells of its group and of what it fetches. */
export interface GroupHooks {
  readonly beforeJoin: BeforeJoin;
  /** A partition cannot be read on. Without this hook the consumer crashes; with it the partition has to be paused. */
  readonly onUnreadable?: (batch: UnreadableBatch) => void;
}

interface ConsumerGroup {
  readonly assigners: readonly Partial<GroupHooks>[];
  readonly seekOffset: Map<string, unknown>;
  readonly offsetManager: unknown;
  readonly memberId: string | null;
  joinAndSync: (this: ConsumerGroup) => Promise<void>;
  leave: (this: ConsumerGroup) => Promise<void>;
  fetch: (this: ConsumerGroup, nodeId: string) => Promise<Batch[]>;
}

/**
 * Lets a consumer end its work before it joins its group again or leaves it. kafkajs has no such hook: it joins as soon
 * as a heartbeat of its own tells of a rebalance, and leaves when it crashes, while what it handed out is still in work.
 * Of all that a consumer is made of only its assigners reach the place, so one of them carries the hook. What was
 * fetched as the former member, by one broker's fetcher while another's joined, is not handed out either, nor is a batch
 * that cannot be read. A join that failed after the group had forgotten the member crashes the consumer.
 */
export function patchJoin(): void {
  const require = createRequire(import.meta.url);
  const group = require('kafkajs/src/consumer/consumerGroup.js') as { prototype: ConsumerGroup };
  const { KafkaJSNonRetriableError } = require('kafkajs/src/errors.js') as {
    KafkaJSNonRetriableError: new (error: Error, options?: { cause: unknown }) => Error;
  };
  const { joinAndSync: join, leave, fetch } = group.prototype;
  group.prototype.joinAndSync = async function joinAfterWork(): Promise<void> {
    await endWork(this);
    try {
      await join.call(this);
    } catch (error) {
      // kafkajs would go on reading what it had, and without an id it never sends a heartbeat (tulios/kafkajs#1122).
      if (this.memberId === null) throw new KafkaJSNonRetriableError(error as Error, { cause: error });
      throw error;
    }
  };
  group.prototype.leave = async function leaveAfterWork(): Promise<void> {
    await endWork(this);
    return leave.call(this);
  };
  group.prototype.fetch = async function fetchAsMember(nodeId): Promise<Batch[]> {
    const { offsetManager } = this;
    const batches = await fetch.call(this, nodeId);
    return this.offsetManager === offsetManager ? withoutUnreadable(this, batches) : [];
  };
}

async function endWork({ assigners, seekOffset }: ConsumerGroup): Promise<void> {
  const joining = { forgetSeeks: () => seekOffset.clear() };
  for (const { beforeJoin } of assigners) await beforeJoin?.(joining);
}

function withoutUnreadable({ assigners }: ConsumerGroup, batches: Batch[]): Batch[] {
  return batches.filter((batch) => {
    const unreadable = cutAtUnreadable(batch);
    if (unreadable === undefined) return true;
    const hook = assigners.find(({ onUnreadable }) => onUnreadable)?.onUnreadable;
    if (hook === undefined) throw unreadable;
    hook(unreadable);
    return false;
  });
}

/** kafkajs' own assigner, with hooks. */
export function assignerWith(hooks: GroupHooks): PartitionAssigner {
  return (config) => Object.assign(kafkajs.PartitionAssigners.roundRobin(config), hooks);
}
