import type { Batch } from 'kafkajs';
import { beginningAt, type TopicPartitions } from '../beginning-at.ts';
import type { GroupHooks, PendingSeeks } from '../group-hooks.ts';
import { truncateAtUnreadable } from '../unreadable-batch.ts';
import { kafkajsInternals } from './kafkajs-internals.ts';

interface ConsumerGroup {
  readonly assigners: readonly Partial<GroupHooks>[];
  readonly seekOffset: PendingSeeks;
  readonly offsetManager: unknown;
  readonly memberId: string | null;
  joinAndSync: (this: ConsumerGroup) => Promise<void>;
  leave: (this: ConsumerGroup) => Promise<void>;
  fetch: (this: ConsumerGroup, nodeId: string) => Promise<Batch[]>;
  filterPartitionsByNode: (
    this: ConsumerGroup,
    nodeId: string,
    assigned: readonly TopicPartitions[],
  ) => TopicPartitions[];
}

interface Errors {
  readonly KafkaJSNonRetriableError: new (error: Error, options?: { cause: unknown }) => Error;
}

/**
 * Calls the hooks of a consumer's assigners. kafkajs has no hook for the end of a membership: it joins again as soon as
 * one of its heartbeats reports a rebalance, and leaves when it crashes, while batches that it handed out are still
 * being processed.
 *
 * Batches that one broker's fetcher got under the former membership, while another broker's was rejoining, are not
 * handed out either, nor is a batch that cannot be read. A join that fails after the group has forgotten the member
 * crashes the consumer.
 *
 * Each fetch begins at a partition chosen at random. kafkajs always asks in the same order, and a broker stops at
 * `maxBytes`, so the last partitions would starve while there is much to read from the first ones.
 */
export function patchConsumerGroup(): void {
  const { prototype } = kafkajsInternals.load<{ prototype: ConsumerGroup }>('consumer/consumerGroup.js', [
    'prototype.joinAndSync',
    'prototype.leave',
    'prototype.fetch',
    'prototype.filterPartitionsByNode',
  ]);
  const { KafkaJSNonRetriableError } = kafkajsInternals.load<Errors>('errors.js', [
    'KafkaJSNonRetriableError',
  ]);
  const { joinAndSync: join, leave, fetch, filterPartitionsByNode: ofNode } = prototype;
  prototype.joinAndSync = async function joinAfterRevoke(): Promise<void> {
    await revoke(this);
    try {
      await join.call(this);
    } catch (error) {
      // kafkajs would go on reading with its old assignment, and without an id it sends no heartbeat (tulios/kafkajs#1122).
      if (this.memberId === null) throw new KafkaJSNonRetriableError(error as Error, { cause: error });
      throw error;
    }
  };
  prototype.leave = async function leaveAfterRevoke(): Promise<void> {
    await revoke(this);
    return leave.call(this);
  };
  prototype.fetch = async function fetchAsMember(nodeId): Promise<Batch[]> {
    const { offsetManager } = this;
    const batches = await fetch.call(this, nodeId);
    return this.offsetManager === offsetManager ? withoutUnreadable(this, batches) : [];
  };
  prototype.filterPartitionsByNode = function beginAnywhere(nodeId, assigned): TopicPartitions[] {
    return beginningAt(Math.random(), ofNode.call(this, nodeId, assigned));
  };
}

async function revoke({ assigners, seekOffset }: ConsumerGroup): Promise<void> {
  for (const { onPartitionsRevoked } of assigners) await onPartitionsRevoked?.(seekOffset);
}

function withoutUnreadable({ assigners }: ConsumerGroup, batches: Batch[]): Batch[] {
  return batches.filter((batch) => {
    const unreadable = truncateAtUnreadable(batch);
    if (unreadable === undefined) return true;
    const hook = assigners.find(({ onUnreadableBatch }) => onUnreadableBatch)?.onUnreadableBatch;
    if (hook === undefined) throw unreadable;
    hook(unreadable);
    return false;
  });
}
