import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** How a topic's calls fall on processes. */
export interface Spread {
  /** The busiest process' load by the mean. */
  readonly busiest: number;
  /** The part of the partitions that change their process when one process is added to those. */
  readonly moved: number;
}

/** Lines and their calls: nine of ten are small, some are a company's. */
const LARGE_EVERY = 10;
const LARGE_CALLS = 30;

/** Assigns partitions as kafkajs' round robin does: the `index`-th to the process at `index` modulo their number. */
export function assign(partitions: number, processes: number): readonly number[] {
  return Array.from({ length: partitions }, (_, index) => index % processes);
}

/**
 * Simulates how calls, whose keys are their lines, fall on partitions and so on processes. The same `seed` gives the same
 * result. More processes than partitions leave some without work, which counts in the mean.
 */
export function simulatePartitions(
  {
    partitions,
    processes,
    lines,
  }: { readonly partitions: number; readonly processes: number; readonly lines: number },
  seed: number,
): Spread {
  const generator = xoroshiro128plus(seed);
  const owners = assign(partitions, processes);
  const loads = new Float64Array(processes);
  let all = 0;
  for (let line = 0; line < lines; line += 1) {
    const calls = line % LARGE_EVERY === 0 ? LARGE_CALLS : 1;
    const owner = owners[uniformInt(generator, 0, partitions - 1)] ?? 0;
    loads[owner] = (loads[owner] ?? 0) + calls;
    all += calls;
  }
  const after = assign(partitions, processes + 1);
  const moved = owners.filter((owner, index) => owner !== after[index]).length / partitions;
  return { busiest: (Math.max(...loads) * processes) / Math.max(all, 1), moved };
}
