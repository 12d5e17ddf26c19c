import type { Consumer } from '../kafkajs/kafka-client.ts';

/** Partitions by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>;

/** `setTimeout` cannot count further; the timer then only looks early. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Which partitions rest: single ones until a time, and all while the lane is paused. Holds over rebalances. */
export class PartitionPauses {
  private readonly consumer: Pick<Consumer, 'pause' | 'resume'>;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private assignment: Assignment = {};
  private all = false;

  constructor(consumer: Pick<Consumer, 'pause' | 'resume'>) {
    this.consumer = consumer;
  }

  /** kafkajs loses pauses when its consumer restarts, so each assignment applies them again. */
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

  /** Lets a partition rest until then (epoch ms). */
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
        // The consumer is between two lives; its next assignment comes here again.
      }
    }
  }
}
