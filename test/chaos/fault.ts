import type { Scene } from './scene.ts';

/** What a row may break: nothing (several play at once), Redis, the only broker, one of three, small disks. */
export type GroundKind = 'calm' | 'redis' | 'kafka' | 'three' | 'tight';

/** What a row found besides lost and doubled mails. */
export interface MoreFindings {
  readonly lost: readonly string[];
  /** What ought to be better but is neither. */
  readonly notes: readonly string[];
}

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
  /** Makes it happen `times` times while the events come, and resolves when all is whole again. */
  readonly happen: (scene: Scene) => Promise<void>;
  /** What else must be there in the end: dead letters, commands. */
  readonly check?: (scene: Scene) => Promise<MoreFindings>;
  /** Why it cannot be played on this machine; then the row counts as not run. */
  readonly missing?: () => Promise<string | undefined>;
}
