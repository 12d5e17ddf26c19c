import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A request of a load; one with a body is a POST. */
export interface PlannedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a load sends. */
export interface LoadPlan {
  readonly url: string;
  /** The address it comes from. */
  readonly from: string;
  /** Sent in turn, and then from the first one on again. */
  readonly requests: readonly PlannedRequest[];
  readonly count: number;
  readonly connections: number;
  /** Requests a second at a constant rate; without it each connection sends as fast as it is answered. */
  readonly perSecond?: number;
}

/** What became of a load. */
export interface LoadResult {
  readonly seconds: number;
  /** Of each request from when it was due to the end of its answer, ms: a late one is late for those behind it, too. */
  readonly times: readonly number[];
  /** How many answers had which status; 0: the connection broke. */
  readonly statuses: Readonly<Record<number, number>>;
}

const CHILD = fileURLToPath(new URL('load-child.ts', import.meta.url));

/** Runs a load in a child process, so that its own work takes no time from what it measures. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const child = fork(CHILD);
  const exited = once(child, 'exit');
  const answered = once(child, 'message') as Promise<[LoadResult]>;
  child.send(plan);
  const result = await Promise.race([answered, exited.then(() => undefined)]);
  if (!result) throw new Error('the load ended without a result');
  await exited;
  return result[0];
}
