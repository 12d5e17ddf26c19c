import type { decodeOutcomes } from '#events';
import type { Outcome, Rebuilt } from '#redis';

/** So many outcomes are with Redis at once; Kafka waits meanwhile. */
const AT_ONCE = 2_000;
const SAY_EVERY_MS = 5_000;

/** What became of the outcomes; `unreadable` counts records. */
export type SunkCounts = Readonly<Record<Rebuilt | 'read' | 'unreadable', number>>;

/** Takes outcomes to where they are written, not more at once than that place can take. */
export interface OutcomeSink {
  /** Resolves when the next record may come. Never rejects: what failed is told by `end`. */
  take(record: ReturnType<typeof decodeOutcomes>): Promise<void>;
  /** Resolves when everything is written; rejects with the first error, after which nothing more was begun. */
  end(): Promise<SunkCounts>;
}

/** Creates a sink that says now and then how far it is. Events without recipients are not for the ledger (ADR 0005). */
export function createSink(
  write: (outcome: Outcome) => Promise<Rebuilt>,
  say: (progress: string) => void,
): OutcomeSink {
  const counts = { read: 0, unreadable: 0, written: 0, known: 0, over: 0 };
  const pending = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let saidAt = Date.now();
  const begin = (outcome: Outcome): void => {
    counts.read += 1;
    const done: Promise<void> = write(outcome)
      .then(
        (result) => void (counts[result] += 1),
        (error: unknown) => void failures.push(error),
      )
      .finally(() => pending.delete(done));
    pending.add(done);
  };
  return {
    async take(record) {
      if (!record.ok) counts.unreadable += 1;
      for (const outcome of record.ok ? record.value.items : []) {
        if (failures.length > 0) return;
        if (outcome.recipients.length > 0) begin(outcome);
        if (pending.size >= AT_ONCE) await Promise.race(pending);
      }
      if (Date.now() - saidAt < SAY_EVERY_MS) return;
      saidAt = Date.now();
      say(`${counts.read} outcomes read, ${counts.written} written`);
    },
    async end() {
      await Promise.all(pending);
      if (failures.length > 0) throw failures[0];
      return counts;
    },
  };
}
