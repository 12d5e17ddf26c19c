import { MEASURED_COSTS as COST } from './measured-costs.ts';
import type { Deployment } from './deployment.ts';
import { simulateOutage } from './simulate-outage.ts';

/** A notifier's share of a core that is left for events beside its timers and its garbage. */
const USABLE = 0.85;
const SEED = 8;

/** An outage of the simulation: how much of the notifiers is left for how long. */
export interface OutageKind {
  readonly what: string;
  readonly left: number;
  readonly seconds: number;
}

/** What the simulation plays. A broker's death stalls its partitions, at worst all that a lane waits for (R1). */
export const OUTAGES: readonly OutageKind[] = [
  { what: 'the mail server, or Redis, for an hour', left: 0, seconds: 3_600 },
  { what: 'one of three zones for an hour', left: 2 / 3, seconds: 3_600 },
  { what: 'half of the notifiers for an hour', left: 1 / 2, seconds: 3_600 },
  { what: 'one broker: 25 s without its partitions', left: 0, seconds: 25 },
];

/** What an outage in the busiest hour does to a deployment; calls wait, and the mails among them. */
export function aftermathOf(
  { callsPerSecond, mailsPerSecond, mainNotifiers }: Deployment,
  { left, seconds }: OutageKind,
): {
  readonly caughtUpSeconds: number | null;
  readonly callsWaiting: number;
  readonly oldestSeconds: number;
} {
  // The queue is counted in CPU seconds: a call that becomes a mail is more work than another.
  const arrivals = callsPerSecond * COST.cpuPerDecided + mailsPerSecond * COST.cpuPerMail;
  const after = simulateOutage({ arrivals, capacity: mainNotifiers * USABLE, left, seconds }, SEED);
  const { caughtUpSeconds, oldestSeconds, mostWaiting } = after;
  return { caughtUpSeconds, oldestSeconds, callsWaiting: (mostWaiting / arrivals) * callsPerSecond };
}
