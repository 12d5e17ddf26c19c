import type { Consumer } from '../kafkajs/kafka-client.ts';

/** Partitions by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>;

/** The longest delay of `setTimeout`; a longer pause ends early, and whoever asked for it pauses again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Which partitions are paused: single ones until a given time, or all of them. Survives rebalances. */
export class PartitionPauses {
  private readonly consumer: Pick<Consumer, 'pause' | 'resume'>;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private assignment: Assignment = {};
  private all = false;

  constructor(consumer: Pick<Consumer, 'pause' | 'resume'>) {
    this.consumer = consumer;
  }

  /** Applies the pauses to a new assignment, because kafkajs loses them when its consumer restarts. */
  assigned(assignment: Assignment): void {
    this.assignment = assignment;
    this.apply();
  }

  isPaused(topic: string, partition: number): boolean {
    return this.all || this.timers.has(`${topic}/${partition}`);
  }

  setAll(paused: boolean): void {
    this.all = paused;
    this.apply();
  }

  /** Pauses a partition until the given time (epoch ms), which replaces the time of an earlier call. */
  until(topic: string, partition: number, resumeAt: number): void {
    const key = `${topic}/${partition}`;
    clearTimeout(this.timers.get(key));
    const resume = (): void => {
      this.timers.delete(key);
      this.apply();
    };
    this.timers.set(key, setTimeout(resume, Math.min(Math.max(resumeAt - Date.now(), 0), LONGEST_TIMER_MS)));
    this.apply();
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.assignment = {};
  }

  private apply(): void {
    for (const [topic, partitions] of Object.entries(this.assignment)) {
      const paused = partitions.filter((partition) => this.isPaused(topic, partition));
      const resumed = partitions.filter((partition) => !this.isPaused(topic, partition));
      try {
        if (paused.length > 0) this.consumer.pause([{ topic, partitions: paused }]);
        if (resumed.length > 0) this.consumer.resume([{ topic, partitions: resumed }]);
      } catch {
        // The consumer is being replaced; the next assignment applies them.
      }
    }
  }
}
