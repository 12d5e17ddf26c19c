import type { BenchServers } from './bench-servers.ts';
import type { Chart } from './chart.ts';
import type { Report } from './report.ts';

/** How much a run of the bench does. */
export interface Size {
  readonly rounds: number;
  /** Calls that become no mail: a run of deciding, and the backlog that one-time passwords overtake. */
  readonly calls: number;
  readonly mails: number;
  /** Mails of each run on one Redis and on a cluster. */
  readonly clusterMails: number;
  /** Events that wait after an outage. */
  readonly waiting: number;
  /** Calls of each way to grow: more numbers, partitions, bytes. */
  readonly growing: number;
  readonly stockNestCalls: number;
  readonly nodemailerMails: number;
  readonly latencySeconds: number;
  /** What the history keeps. */
  readonly outcomes: number;
}

/** What each scenario of a run works with. */
export interface Scene {
  readonly servers: BenchServers;
  readonly size: Size;
  readonly report: Report;
  readonly chart: Chart;
  readonly say: (text: string) => void;
}
