import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** What the machine's cores have done since it started, in milliseconds of all of them together. */
export interface CoreTimes {
  readonly busy: number;
  readonly idle: number;
}

const QUIET_MS = 1_000;

/** What the cores have done until now. */
export function coreTimes(): CoreTimes {
  const times = cpus().map(({ times: each }) => each);
  return {
    busy: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0),
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
  };
}

/** How many cores were busy between the two, with whatever ran. */
export function busyCores(from: CoreTimes, to: CoreTimes): number {
  const busy = to.busy - from.busy;
  return (cpus().length * busy) / (busy + to.idle - from.idle);
}

/** How many cores are busy now, for a second: asked while the bench itself does nothing, what else the machine does. */
export async function busyCoresNow(): Promise<number> {
  const from = coreTimes();
  await delay(QUIET_MS);
  return busyCores(from, coreTimes());
}
