import type { Offsets } from 'kafkajs';
import { classifyError } from './classify-error.ts';
import type { KafkaLog } from './kafka-log.ts';

interface Mark {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Commits offsets, all that wait in one request, one request at a time. */
export class Commits {
  private readonly log: KafkaLog;
  private waiting = new Map<string, Mark>();
  private flushing: Promise<void> | undefined;
  private epoch = 0;
  private commit: ((offsets: Offsets) => Promise<void>) | undefined;

  constructor(log: KafkaLog) {
    this.log = log;
  }

  /** kafkajs' `commitOffsetsIfNecessary` of a batch: of all its ways to commit the one that also works while stopping. */
  use(commit: (offsets: Offsets) => Promise<void>): void {
    this.commit = commit;
  }

  /** `offset` is the next to be read of the topic (as it is in Kafka) and partition. */
  mark(topic: string, partition: number, offset: string): void {
    this.waiting.set(`${topic}/${partition}`, { topic, partition, offset });
  }

  /** Forgets what was not committed in time: the partitions may be somebody else's now. */
  forget(): void {
    this.epoch += 1;
    this.waiting.clear();
  }

  /** Commits what is marked by now. Never rejects: what fails stays marked, and read again it does no harm. */
  async flush(): Promise<void> {
    await this.flushing;
    if (this.waiting.size === 0 || !this.commit) return;
    this.flushing ??= this.send(this.commit).finally(() => (this.flushing = undefined));
    await this.flushing;
  }

  private async send(commit: (offsets: Offsets) => Promise<void>): Promise<void> {
    const { waiting: marks, epoch } = this;
    this.waiting = new Map();
    const topics = [...Map.groupBy(marks.values(), ({ topic }) => topic)].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map(({ partition, offset }) => ({ partition, offset })),
    }));
    try {
      await commit({ topics });
    } catch (error) {
      this.log.info({ error: classifyError(error).message }, 'offsets not committed yet');
      // Forgotten meanwhile: with the new membership they would undo what another has committed.
      if (epoch === this.epoch) this.waiting = new Map([...marks, ...this.waiting]);
    }
  }
}
