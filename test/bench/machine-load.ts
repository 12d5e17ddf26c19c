import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** The busy and idle time of all cores together since the machine started, in milliseconds. */
export interface CoreTimes {
  readonly busy: number;
  readonly idle: number;
}

const QUIET_MS = 1_000;

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
