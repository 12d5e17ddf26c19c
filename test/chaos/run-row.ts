import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '../../tools/stack/server.ts';
import { DEAD_LETTER_TOPIC } from '#events';
import { audit, flowOf, type Course, type Verdict } from './audit.ts';
import type { Fault } from './fault.ts';
import type { Ground } from './ground.ts';
import { createRandom } from './random.ts';
import { Scene } from './scene.ts';

/** A row of the table; times in milliseconds. */
export interface Row {
  readonly fault: string;
  readonly times: number;
  readonly events: number;
  readonly lost: number;
  readonly doubled: number;
  readonly doubledOutsideWindow: number;
  readonly longestStallMs: number;
  readonly recoveryMs: number | null;
  /** What `recoveryMs` should not be above; null where nothing is promised. */
  readonly targetMs: number | null;
  /** Each loss and each double outside the window in words; why it was not run. */
  readonly findings: readonly string[];
}

const PER_SECOND = 60;
/** Mails flow so long before the fault, and after it. */
const BEFORE_MS = 2_000;
const AFTER_MS = 3_000;
/**
 * How long no event may get its last outcome before the rest counts as lost: a mail of a killed process is taken up again
 * after 70 s, by a retry topic that is worked every 10 s. A slow machine is no loss.
 */
const SETTLE_LIMIT_MS = 150_000;
/** How often what is still missing is looked for in the log of outcomes itself. */
const LOOK_AGAIN_MS = 30_000;

/** Plays one round of a fault and compares what was published with what was taken and told. */
export async function runRow(fault: Fault, ground: Ground, seed: number, signal: AbortSignal): Promise<Row> {
  const name = `${fault.name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}-${seed.toString(36)}`;
  const scene = new Scene(ground, name, createRandom(seed, fault.name), signal);
  try {
    // The row before may have ended while something was down.
    await Promise.all([...ground.redisPlans, ...ground.brokers].map((plan) => startServer(plan, signal)));
    await scene.begin(fault.notifiers ?? 1, fault.perSecond ?? PER_SECOND);
    await scene.pass(BEFORE_MS);
    await fault.happen(scene);
    await scene.pass(AFTER_MS);
    await scene.stream.end();
    const dead = await scene.replaceDead();
    const late = await settle(scene, signal);
    // No outage ends a process: whoever counts on a supervisor has lost something too.
    const ended = dead > 0 ? [`${dead} notifiers ended by themselves: see ${scene.folder}`] : [];
    const more = (await fault.check?.(scene)) ?? { lost: [], notes: [] };
    const missing = await scene.acknowledged.missingIn(scene.kafka);
    const compared = audit(await evidenceOf(scene));
    const verdict = withMore(compared, [...missing, ...more.lost, ...ended], [...more.notes, ...late]);
    if (verdict.lost + verdict.doubledOutsideWindow > 0) await keepTrace(scene, verdict.findings);
    const flow = flowOf(scene.mail.copies, courseOf(scene), scene.healings);
    await scene.expectSecretsKept();
    return rowOf(fault, scene.stream.acknowledged.length, verdict, flow);
  } finally {
    await scene.close();
  }
}

function courseOf({ stream: { startedAt, endedAt, acknowledged } }: Scene): Course {
  const times = new Map(
    acknowledged.flatMap(({ addresses, acknowledgedAt }) =>
      addresses.map((address) => [address, acknowledgedAt] as const),
    ),
  );
  return {
    from: startedAt,
    to: endedAt,
    rate: times.size / ((endedAt - startedAt) / 1_000),
    acknowledgedAt: (address) => times.get(address),
  };
}

/** Waits until every event has its last outcome and every record is committed; says what is not when nothing moves. */
async function settle(scene: Scene, signal: AbortSignal): Promise<string[]> {
  let end = performance.now() + SETTLE_LIMIT_MS;
  let fewest = Infinity;
  let lookAt = performance.now() + LOOK_AGAIN_MS;
  for (;;) {
    if (performance.now() > lookAt) {
      lookAt += LOOK_AGAIN_MS;
      await scene.readOutcomes().catch(() => undefined);
    }
    const open = scene.stream.acknowledged.filter(({ id }) => !isFinal(scene, id)).length;
    if (open < fewest) {
      fewest = open;
      end = performance.now() + SETTLE_LIMIT_MS;
    }
    const uncommitted = open > 0 ? undefined : await scene.kafka.uncommitted().catch(() => undefined);
    if (uncommitted === 0) return [];
    if (performance.now() > end) {
      return open > 0 ? [] : [`${uncommitted ?? 'unknown'} records are still not committed`];
    }
    await delay(500, undefined, { signal });
  }
}

function isFinal({ outcomes }: Scene, id: string): boolean {
  const outcome = outcomes.get(id);
  return outcome !== undefined && outcome.recipients.every(({ state }) => state !== 'deferred');
}

async function evidenceOf(scene: Scene): Promise<Parameters<typeof audit>[0]> {
  const dead = await scene.kafka.read(DEAD_LETTER_TOPIC);
  const inDoubt = dead
    .filter(({ headers }) => String(headers['dlq-reason']) === 'in-doubt')
    .map(({ headers }) => String(headers['ce_id']));
  return {
    acknowledged: scene.stream.acknowledged,
    outcomes: scene.outcomes,
    copies: scene.mail.copies,
    refusals: scene.mail.refusals,
    cuts: [...scene.cuts, ...scene.mail.cuts],
    acceptedAt: scene.acceptedAt,
    inDoubt: new Set(inDoubt),
    unacknowledged: scene.stream.unacknowledged,
  };
}

/** Writes down where the records of what was lost are, before the topics go. */
async function keepTrace(scene: Scene, findings: readonly string[]): Promise<void> {
  const ids = new Set(findings.map((finding) => finding.replace(/:.*/, '')));
  const copies = scene.mail.copies.map((copy) => JSON.stringify(copy));
  const lines = [...findings, ...(await scene.kafka.trace(ids)), ...(await scene.kafka.commits()), ...copies];
  await writeFile(path.join(scene.folder, 'findings.txt'), `${lines.join('\n')}\n`);
}

function withMore(verdict: Verdict, lost: readonly string[], notes: readonly string[]): Verdict {
  return {
    ...verdict,
    lost: verdict.lost + lost.length,
    findings: [...verdict.findings, ...lost, ...notes],
  };
}

function rowOf(
  { name, times, targetMs }: Fault,
  events: number,
  verdict: Verdict,
  flow: ReturnType<typeof flowOf>,
): Row {
  return { fault: name, times, events, ...verdict, ...flow, targetMs: targetMs ?? null };
}
