import type { Scene } from './scene.ts';

/**
 * What a row may break: nothing (several play at once), Redis, a Redis behind sentinels, a Redis Cluster, the only
 * broker, one of three, small disks; or any server for minutes, beside all the others.
 */
export type GroundKind = 'calm' | 'redis' | 'sentinel' | 'cluster' | 'kafka' | 'three' | 'tight' | 'long';

/** What a row found besides lost and doubled mails. */
export interface MoreFindings {
  readonly lost: readonly string[];
  /** What ought to be better but is neither. */
  readonly notes: readonly string[];
}

/** What is promised of the return to full speed, in milliseconds. */
export const RECOVERY_TARGETS = {
  /** From the return of the mail server or of Redis. */
  serverBack: 10_000,
  /** From the death of a worker. */
  workerDead: 15_000,
  /** From when a restarted broker listens. */
  brokerBack: 5_000,
  /** From the death of one of three brokers; 9 s of it are its session time-out. */
  brokerDead: 25_000,
} as const;

/** One fault of the table. */
export interface Fault {
  readonly name: string;
  readonly ground: GroundKind;
  /** How often it happens in one round. */
  readonly times: number;
  /** How many rounds the whole run plays; one in the quick one. */
  readonly rounds: number;
  readonly notifiers?: number;
  readonly perSecond?: number;
  /** Within how many milliseconds of its healing mails are to flow at full speed; a row that is slower is marked. */
  readonly targetMs?: number;
  /** Makes it happen `times` times while the events come, and resolves when all is whole again. */
  readonly happen: (scene: Scene) => Promise<void>;
  /** What else must be there in the end: dead letters, commands. */
  readonly check?: (scene: Scene) => Promise<MoreFindings>;
  /** Why it cannot be played on this machine; then the row counts as not run. */
  readonly missing?: () => Promise<string | undefined>;
}
