import { eventually } from '../support/eventually.ts';
import { RECOVERY_PREFIX } from './bench-servers.ts';
import { benchCall, benchNumber, NUMBERS, publishMany } from './call-load.ts';
import type { Figures } from './figures.ts';
import type { Sample } from './measured-notifier.ts';
import { overtakeBacklog, type Overtaken } from './overtake-backlog.ts';
import { prepareTopics } from './prepare.ts';
import type { RecordingSink } from './recording-sink.ts';
import type { MailScene, Scene } from './scenario.ts';
import { percentile, rounded } from './statistics.ts';

const HOUR_MS = 3_600_000;
/** Older than a call's deadline of six hours. */
const LATE_MS = 7 * HOUR_MS;
const QUARTERS = [0, 1, 2, 3] as const;

/** The fate of the outage's `index`-th call: of a hundred calls, two are mailed and five are past their deadline. */
function fateOf(index: number): 'wanted' | 'too-late' | 'answered' {
  // Each pass over the numbers is shifted by one, so that every number gets mails.
  const turn = index + Math.floor(index / NUMBERS);
  if (turn % 20 === 7) return 'too-late';
  return turn % 50 === 3 ? 'wanted' : 'answered';
}

/** How many mails each address must get, and how many calls are past their deadline. */
function owedOf(events: number): { readonly mails: ReadonlyMap<string, number>; readonly tooLate: number } {
  const mails = new Map<string, number>();
  let tooLate = 0;
  for (let index = 0; index < events; index += 1) {
    const fate = fateOf(index);
    if (fate === 'too-late') tooLate += 1;
    if (fate !== 'wanted') continue;
    const address = `${benchNumber(index % NUMBERS)}@example.jp`;
    mails.set(address, (mails.get(address) ?? 0) + 1);
  }
  return { mails, tooLate };
}

/** Measures how an hour's backlog of calls is worked off after an outage, while one-time passwords are sent. */
export async function recovery(scene: MailScene): Promise<Figures> {
  const { servers, size, say } = scene;
  const events = size.waiting;
  await prepareTopics(servers, RECOVERY_PREFIX);
  say(`Publishing ${events} calls of an hour's outage`);
  const over = Date.now();
  await publishMany(servers, `${RECOVERY_PREFIX}call-events`, events, (index) => {
    const fate = fateOf(index);
    const at = over - (fate === 'too-late' ? LATE_MS : HOUR_MS) + Math.floor((index / events) * HOUR_MS);
    return benchCall('outage', index, fate === 'answered' ? 'answered' : 'unanswered', { endedAt: at });
  });
  const backlog = { topicPrefix: RECOVERY_PREFIX, groupId: 'bench-recovery', events };
  return overtakeBacklog(scene, backlog, (overtaken) => figures(scene, events, overtaken));
}

async function figures(scene: Scene, events: number, overtaken: Overtaken): Promise<Figures> {
  const { times, run, main, sink } = overtaken;
  const { mails, tooLate } = owedOf(events);
  const calls = await callMails(sink, mails);
  const quarters = quartersOf(run.samples, events);
  scene.chart.add('after an outage', run.samples);
  const settled = {
    tooLate: await main.decided('too-late'),
    tooLateExpected: tooLate,
    workedAgain: (await main.sample()).settled - events,
    mails: calls.taken,
    mailsOwed: calls.owed,
    mailsAccepted: await main.mails('accepted'),
    addressesWrong: calls.wrong,
  };
  tell(scene, quarters, overtaken);
  for (const [name, value] of Object.entries(settled))
    scene.report.add(`after an outage: ${name}`, [value], '');
  const byQuarter = (name: string, of: (quarter: Quarter) => number): Record<string, number> =>
    Object.fromEntries(
      quarters.map((quarter, index) => [`${name}Quarter${index + 1}`, rounded(of(quarter))]),
    );
  return {
    recovery: {
      events,
      eventsPerSecond: rounded(run.eventsPerSecond),
      ...byQuarter('eventsPerSecond', ({ rate }) => rate),
      ...byQuarter('residentMB', ({ residentMB }) => residentMB),
      otpP50Ms: rounded(percentile(times, 0.5)),
      otpP99Ms: rounded(percentile(times, 0.99)),
      otpMaxMs: rounded(percentile(times, 1)),
      ...settled,
    },
    memory: { afterOutageMB: rounded(run.residentMB) },
  };
}

function tell({ report }: Scene, quarters: readonly Quarter[], { times, run }: Overtaken): void {
  for (const [index, { rate, residentMB }] of quarters.entries()) {
    report.add(`after an outage, quarter ${index + 1}`, [rate], 'events/s');
    report.add(`after an outage, quarter ${index + 1}: resident memory`, [residentMB], 'MB');
  }
  report.add('after an outage: resident memory, most', [run.residentMB], 'MB');
  for (const part of [0.5, 0.99, 1])
    report.add(`one-time password meanwhile, p${part * 100}`, [percentile(times, part)], 'ms');
}

interface CallMails {
  readonly owed: number;
  readonly taken: number;
  /** Addresses with more or fewer mails than expected. */
  readonly wrong: number;
}

/** Waits up to half a minute for the expected mails of calls. A mail for a call past its deadline counts as wrong. */
async function callMails(sink: RecordingSink, mails: ReadonlyMap<string, number>): Promise<CallMails> {
  const addresses = Array.from({ length: NUMBERS }, (_, index) => `${benchNumber(index)}@example.jp`);
  const owed = [...mails.values()].reduce((sum, count) => sum + count, 0);
  let counts: readonly number[] = [];
  const taken = (): number => counts.reduce((sum, count) => sum + count, 0);
  await eventually(async () => {
    const all = await sink.taken();
    counts = addresses.map((address) => all.get(address)?.mails ?? 0);
    return taken() >= owed;
  }).catch(() => undefined);
  const wrong = addresses.filter((address, index) => counts[index] !== (mails.get(address) ?? 0)).length;
  return { owed, taken: taken(), wrong };
}

interface Quarter {
  readonly rate: number;
  /** The maximum. */
  readonly residentMB: number;
}

/** Splits a run into quarters of the backlog, starting from the first settled event. */
function quartersOf(samples: readonly Sample[], events: number): readonly Quarter[] {
  const begun = samples.filter(({ settled }) => settled > 0);
  return QUARTERS.map((quarter) => {
    const from = begun.findLastIndex(({ settled }) => settled <= (events * quarter) / 4);
    const to = begun.findIndex(({ settled }) => settled >= (events * (quarter + 1)) / 4);
    const of = begun.slice(Math.max(0, from), to + 1);
    const [first, last] = [of[0], of.at(-1)];
    if (!first || !last || first === last) return { rate: NaN, residentMB: NaN };
    return {
      rate: ((last.settled - first.settled) / (last.at - first.at)) * 1_000,
      residentMB: Math.max(...of.map(({ residentMB }) => residentMB)),
    };
  });
}
