import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** A machine with more cores busy with other work than this is not quiet. */
export const QUIET_CORES = 0.2;

/** The busy and idle time of all cores together since the machine started, in milliseconds. */
export interface CoreTimes {
  readonly busy: number;
  readonly idle: number;
}

const QUIET_MS = 1_000;
/** In Linux' statistics for programs, whatever the kernel's own. */
const TICKS_PER_SECOND = 100;
const KERNEL_THREADS = 2;

/** Reads the cores' times. */
export function coreTimes(): CoreTimes {
  const times = cpus().map(({ times: each }) => each);
  return {
    busy: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0),
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
  };
}

/** How many cores were busy between two readings, with any process. */
export function busyCores(from: CoreTimes, to: CoreTimes): number {
  const busy = to.busy - from.busy;
  return (cpus().length * busy) / (busy + to.idle - from.idle);
}

/** Measures for a second how many cores are busy; called while the bench is idle, it shows the machine's other work. */
export async function busyCoresNow(): Promise<number> {
  const from = coreTimes();
  await delay(QUIET_MS);
  return busyCores(from, coreTimes());
}

/** A process as `/proc/<pid>/stat` has it: its CPU time with that of its ended children, in ticks. */
interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** Reads a line of `/proc/<pid>/stat`. The name, in brackets, may contain spaces and brackets. */
export function processTimes(stat: string): ProcessTimes {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0);
  return { pid: Number.parseInt(stat, 10), parent: fields[1] ?? 0, ticks };
}

/** The ticks of all processes but those of the kernel, `own`, and its children and theirs. */
export function ticksOfOthers(processes: readonly ProcessTimes[], own: number): number {
  const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const isApart = (pid: number | undefined): boolean =>
    pid === own || pid === KERNEL_THREADS || (pid !== undefined && isApart(parents.get(pid)));
  return processes.filter(({ pid }) => !isApart(pid)).reduce((sum, { ticks }) => sum + ticks, 0);
}

/**
 * Begins to measure how many cores are busy with other work than this process and its children, or taken from a virtual
 * machine by its host. The result gives their number so far; NaN where there is no `/proc`.
 */
export async function watchOthers(): Promise<() => Promise<number>> {
  const begun = performance.now();
  const before = await secondsOfOthers();
  return async () => ((await secondsOfOthers()) - before) / ((performance.now() - begun) / 1_000);
}

async function secondsOfOthers(): Promise<number> {
  const cpu = /^cpu .*$/m.exec(await readFile('/proc/stat', 'utf8').catch(() => ''))?.[0];
  if (cpu === undefined) return NaN;
  const stolen = Number(cpu.trim().split(/\s+/)[8]);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  const processes = stats.filter((stat) => stat !== '').map(processTimes);
  return (stolen + ticksOfOthers(processes, process.pid)) / TICKS_PER_SECOND;
}
