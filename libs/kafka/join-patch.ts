import { createRequire } from 'node:module';
import kafkajs from 'kafkajs';
import type { PartitionAssigner } from 'kafkajs';

/** What is awaited before a consumer joins its group, the first time and each time it joins again. */
export type BeforeJoin = () => Promise<void>;

interface ConsumerGroup {
  readonly assigners: readonly { readonly beforeJoin?: BeforeJoin }[];
  joinAndSync: (this: ConsumerGroup) => Promise<void>;
}

/**
 * Lets a consumer end its work before it joins its group again. kafkajs has no such hook: it joins as soon as a
 * heartbeat of its own tells of a rebalance, while what it handed out is still in work. Of all that a consumer is made
 * of only its assigners reach the place, so one of them carries the hook.
 */
export function patchJoin(): void {
  const require = createRequire(import.meta.url);
  const group = require('kafkajs/src/consumer/consumerGroup.js') as { prototype: ConsumerGroup };
  const published = group.prototype.joinAndSync;
  group.prototype.joinAndSync = async function joinAndSync(this: ConsumerGroup): Promise<void> {
    for (const { beforeJoin } of this.assigners) await beforeJoin?.();
    return published.call(this);
  };
}

/** kafkajs' own assigner, with a hook. */
export function assignerWith(beforeJoin: BeforeJoin): PartitionAssigner {
  return (config) => Object.assign(kafkajs.PartitionAssigners.roundRobin(config), { beforeJoin });
}
