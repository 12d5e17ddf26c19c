import { PartitionPauses } from './partition-pauses.ts';

interface Asked {
  readonly topic: string;
  readonly partitions?: number[];
}

/** Keeps track of paused partitions as kafkajs does, and can be dead as while it is being replaced. */
class PausableConsumer {
  readonly paused = new Set<string>();
  dead = false;

  pause(asked: Asked[]): void {
    this.each(asked, (key) => this.paused.add(key));
  }

  resume(asked: Asked[]): void {
    this.each(asked, (key) => this.paused.delete(key));
  }

  private each(asked: Asked[], act: (key: string) => void): void {
    if (this.dead) throw new Error('Consumer group was not initialized');
    for (const { topic, partitions = [] } of asked)
      for (const partition of partitions) act(`${topic}/${partition}`);
  }
}

describe('PartitionPauses', () => {
  const consumer = new PausableConsumer();
  const pauses = new PartitionPauses(consumer);

  afterEach(() => {
    pauses.setAll(false);
    pauses.close();
    consumer.paused.clear();
    consumer.dead = false;
  });

  it('pauses every partition and resumes it again', () => {
    pauses.assigned({ a: [0, 1], b: [3] });
    pauses.setAll(true);
    expect([...consumer.paused]).toEqual(['a/0', 'a/1', 'b/3']);
    pauses.setAll(false);
    expect([...consumer.paused]).toEqual([]);
  });

  it('pauses what a rebalance assigns while all is paused', () => {
    pauses.assigned({ a: [0] });
    pauses.setAll(true);
    consumer.paused.clear();
    pauses.assigned({ a: [0, 1] });
    expect([...consumer.paused]).toEqual(['a/0', 'a/1']);
  });

  it('pauses a single partition until its time, across rebalances and pauses of all', async () => {
    pauses.assigned({ a: [0, 1] });
    pauses.until('a', 1, Date.now() + 200);
    pauses.assigned({ a: [1, 2] });
    pauses.setAll(true);
    pauses.setAll(false);
    expect([...consumer.paused]).toEqual(['a/1']);
    while (pauses.isPaused('a', 1)) await new Promise((resolve) => setImmediate(resolve));
    expect([...consumer.paused]).toEqual([]);
  });

  it('goes by the last call for a partition', async () => {
    pauses.assigned({ a: [0, 1] });
    pauses.until('a', 0, Date.now());
    pauses.until('a', 0, Date.now() + 60_000);
    pauses.until('a', 1, Date.now() + 50);
    while (pauses.isPaused('a', 1)) await new Promise((resolve) => setImmediate(resolve));
    expect(pauses.isPaused('a', 0)).toBe(true);
  });

  it('pauses for longer than a timer can run', () => {
    pauses.assigned({ a: [0] });
    pauses.until('a', 0, Date.now() + 2 ** 40);
    expect(pauses.isPaused('a', 0)).toBe(true);
  });

  it('waits for the next assignment when the consumer is being replaced', () => {
    consumer.dead = true;
    pauses.assigned({ a: [0] });
    pauses.setAll(true);
    consumer.dead = false;
    pauses.assigned({ a: [0] });
    expect([...consumer.paused]).toEqual(['a/0']);
  });
});
