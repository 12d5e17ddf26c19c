import type { Scene } from './scene.ts';

/**
 * The set of servers that a row runs on, by what it may break: `calm` no server (several rows share it), `redis`,
 * `sentinel` and `cluster` a Redis of that kind, `kafka` the only broker, `three` one of three brokers, `tight` servers
 * on small disks, `long` any server for minutes, while the other sets are in use.
 */
export type GroundKind = 'calm' | 'redis' | 'sentinel' | 'cluster' | 'kafka' | 'three' | 'tight' | 'long';

/** What a row's own check found. */
export interface MoreFindings {
  readonly lost: readonly string[];
  /** Observations that are not failures. */
  readonly notes: readonly string[];
}

/** The promised time until full speed, in milliseconds. */
export const RECOVERY_TARGETS = {
  /** From the return of the mail server or of Redis. */
  serverBack: 10_000,
  /** From the death of a worker. */
  workerDead: 15_000,
  /** From the moment a restarted broker listens. */
  brokerBack: 5_000,
  /** From the death of one of three brokers, including its session timeout of 9 s. */
  brokerDead: 25_000,
} as const;

/** One fault of the table. */
export interface Fault {
  readonly name: string;
  readonly ground: GroundKind;
  /** How often it happens in a round. */
  readonly times: number;
  /** How many rounds a full run plays; a quick run plays one. */
  readonly rounds: number;
  readonly notifiers?: number;
  readonly perSecond?: number;
  /** The time after the repair within which mails must flow at full speed, in milliseconds. Slower rows are marked. */
  readonly targetMs?: number;
  /** Makes it happen `times` times while events are published; resolves when everything is repaired. */
  readonly happen: (scene: Scene) => Promise<void>;
  /** Checks what else must be there in the end: dead letters, commands. */
  readonly check?: (scene: Scene) => Promise<MoreFindings>;
  /** Why it cannot run on this machine, if so; the row then counts as not run. */
  readonly missing?: () => Promise<string | undefined>;
}
