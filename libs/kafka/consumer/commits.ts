import type { Offsets } from '../kafkajs/kafka-client.ts';
import { classifyError } from '../kafkajs/classify-error.ts';
import type { KafkaLog } from '../kafkajs/kafka-log.ts';

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
  private isHeld = false;
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

  /**
   * Forgets what was not committed in time, and commits nothing until `begin`: the partitions may be somebody else's
   * now, and committed with a new membership it would undo what that one has done.
   */
  hold(): void {
    this.epoch += 1;
    this.waiting.clear();
    this.isHeld = true;
  }

  /** The membership is new. */
  begin(): void {
    this.hold();
    this.isHeld = false;
  }

  /**
   * Commits what is marked by now, and resolves when that was tried. Never rejects: what fails stays marked, and read
   * again it does no harm.
   */
  async flush(): Promise<void> {
    await this.flushing;
    if (this.waiting.size > 0 && !this.isHeld && this.commit)
      this.flushing ??= this.send(this.commit).finally(() => (this.flushing = undefined));
    // Also when another that waited has taken our marks: a member that leaves before their request does loses them.
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
      if (epoch === this.epoch) this.waiting = new Map([...marks, ...this.waiting]);
    }
  }
}
