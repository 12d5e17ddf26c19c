import type { BenchServers } from './bench-servers.ts';
import type { Chart } from './chart.ts';
import type { PostfixTools } from './postfix-tools.ts';
import type { Report } from './report.ts';

/** The sizes of a run's scenarios. */
export interface Size {
  readonly rounds: number;
  /** Calls that become no mail: in a run of deciding, and in the backlog that one-time passwords overtake. */
  readonly calls: number;
  readonly mails: number;
  /** Mails in each run on one Redis and on a cluster. */
  readonly clusterMails: number;
  /** Events in the backlog of an outage. */
  readonly waiting: number;
  /** Calls in each run of growth: more numbers, partitions, bytes. */
  readonly growing: number;
  readonly stockNestCalls: number;
  readonly nodemailerMails: number;
  readonly latencySeconds: number;
  readonly starts: number;
  /** Only the ways of growing that the targets name. */
  readonly fewWays: boolean;
  /** Outcomes that the history stores. */
  readonly outcomes: number;
}

/** What every scenario of a run gets. */
export interface Scene {
  readonly servers: BenchServers;
  readonly size: Size;
  readonly report: Report;
  readonly chart: Chart;
  readonly say: (text: string) => void;
  /** Undefined where Postfix's tools cannot be had. */
  readonly postfix: PostfixTools | undefined;
}

/** A scene with Postfix's tools, for scenarios that send mails to `smtp-sink`. */
export interface MailScene extends Scene {
  readonly postfix: PostfixTools;
}
