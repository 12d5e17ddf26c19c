import { runLoad, type LoadPlan, type LoadResult, type PlannedRequest } from './load.ts';
import type { MeasuredApp } from './measured-app.ts';
import { PROXY } from './site-subscribers.ts';

/** Requests whose CPU is measured, and how many of them are under way at once. */
const ASKED = 1_000;
const AT_ONCE = 4;
/** On a machine that does much else, Redis may answer too late for a few of them. */
const LEAST_ANSWERED = 0.99;

/** The CPU of a process for each of 1,000 requests, in ms. Rejects when more than one in a hundred has another status. */
export async function cpuOf(
  app: MeasuredApp,
  requests: readonly PlannedRequest[],
  status: number,
): Promise<number> {
  const seconds = await cpuSecondsOf(app, () =>
    asked(app, requests, { count: ASKED, connections: AT_ONCE, status }),
  );
  return (seconds * 1000) / ASKED;
}

/** The CPU of a process while something is done, in seconds. */
export async function cpuSecondsOf(app: MeasuredApp, work: () => Promise<unknown>): Promise<number> {
  const before = await app.metrics();
  await work();
  const after = await app.metrics();
  return after('process_cpu_seconds_total') - before('process_cpu_seconds_total');
}

/** Runs a load whose answers have the same status; rejects when more than one in a hundred has not. */
export async function asked(
  { url }: MeasuredApp,
  requests: readonly PlannedRequest[],
  { status, ...plan }: Pick<LoadPlan, 'count' | 'connections' | 'perSecond'> & { readonly status: number },
): Promise<LoadResult> {
  const result = await runLoad({ url, from: PROXY, requests, ...plan });
  if ((result.statuses[status] ?? 0) < plan.count * LEAST_ANSWERED)
    throw new Error(`expected ${status}, got ${JSON.stringify(result.statuses)}`);
  return result;
}
