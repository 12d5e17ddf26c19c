import kafkajs from 'kafkajs';
import type { PartitionAssigner } from 'kafkajs';
import type { UnreadableBatch } from './unreadable-batch.ts';

/** Seeks that no fetch has followed yet. kafkajs keeps them over a rebalance, whoever has the partition then. */
export interface PendingSeeks {
  clear(): void;
}

/** Hooks for changes of a consumer's group and for what it fetches, beyond kafkajs' own events. */
export interface GroupHooks {
  /** Awaited before the consumer joins its group, for the first time or again, and before it leaves it. */
  readonly onPartitionsRevoked: (pendingSeeks: PendingSeeks) => Promise<void>;
  /** A partition cannot be read any further. It has to be paused; without this hook the consumer crashes. */
  readonly onUnreadableBatch?: (batch: UnreadableBatch) => void;
}

/**
 * kafkajs' own assigner, carrying the hooks: of a consumer's configuration, only its assigners reach the consumer
 * group, where `patchConsumerGroup` calls them.
 */
export function assignerWith(hooks: GroupHooks): PartitionAssigner {
  return (config) => Object.assign(kafkajs.PartitionAssigners.roundRobin(config), hooks);
}
