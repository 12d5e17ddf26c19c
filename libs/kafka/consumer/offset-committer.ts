import type { Offsets } from '../kafkajs/kafka-client.ts';
import { classifyError } from '../kafkajs/kafka-error.ts';
import type { KafkaLog } from '../kafkajs/kafka-log.ts';

interface StagedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Commits offsets: all that are staged in one request, and one request at a time. */
export class OffsetCommitter {
  private readonly log: KafkaLog;
  private staged = new Map<string, StagedOffset>();
  private flushing: Promise<void> | undefined;
  private epoch = 0;
  private isSuspended = false;
  private commit: ((offsets: Offsets) => Promise<void>) | undefined;

  constructor(log: KafkaLog) {
    this.log = log;
  }

  /** `commit` is the `commitOffsetsIfNecessary` of a kafkajs batch, the only way to commit that works while stopping. */
  commitWith(commit: (offsets: Offsets) => Promise<void>): void {
    this.commit = commit;
  }

  /** Stages the next offset to be read of a topic (as it is in Kafka) and partition. */
  stage(topic: string, partition: number, offset: string): void {
    this.staged.set(`${topic}/${partition}`, { topic, partition, offset });
  }

  /**
   * Drops what is staged and commits nothing until `resume`. The partitions may belong to another consumer now; committed
   * under a new membership, an old offset would undo that consumer's progress.
   */
  suspend(): void {
    this.epoch += 1;
    this.staged.clear();
    this.isSuspended = true;
  }

  /** Begins a new membership, with nothing staged. */
  resume(): void {
    this.suspend();
    this.isSuspended = false;
  }

  /**
   * Commits what is staged by now, and resolves when that was tried. Never rejects: what fails stays staged, and records
   * that are read again do no harm.
   */
  async flush(): Promise<void> {
    await this.flushing;
    if (this.staged.size > 0 && !this.isSuspended && this.commit)
      this.flushing ??= this.send(this.commit).finally(() => (this.flushing = undefined));
    // Another caller's request may carry our offsets: a member that leaves before it is answered loses them.
    await this.flushing;
  }

  private async send(commit: (offsets: Offsets) => Promise<void>): Promise<void> {
    const { staged: sent, epoch } = this;
    this.staged = new Map();
    const topics = [...Map.groupBy(sent.values(), ({ topic }) => topic)].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map(({ partition, offset }) => ({ partition, offset })),
    }));
    try {
      await commit({ topics });
    } catch (error) {
      this.log.info({ error: classifyError(error).message }, 'offsets not committed yet');
      if (epoch === this.epoch) this.staged = new Map([...sent, ...this.staged]);
    }
  }
}
