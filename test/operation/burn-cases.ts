/** An objective as its rules have it. */
interface Objective {
  readonly alert: string;
  readonly slo: string;
  readonly kind: string;
  /** The limit in seconds. */
  readonly le: string;
  /** The share that may be late. */
  readonly budget: number;
}

const OBJECTIVES: readonly Objective[] = [
  {
    alert: 'OneTimePasswordsLate',
    slo: 'one-time-passwords',
    kind: 'one-time-password',
    le: '10',
    budget: 0.001,
  },
  { alert: 'CallNoticesLate', slo: 'call-notices', kind: 'call', le: '60', budget: 0.01 },
];

/** What both objectives' alerts of a severity do when their mails go like this. */
export interface BurnCase {
  readonly severity: 'page' | 'ticket';
  readonly series: Readonly<Record<string, string>>;
  readonly step: string;
  readonly at: string;
  /** The labels of the alerts that fire. */
  readonly fires: readonly string[];
}

/** So many steps, each with so many mails owed, of which so many times what the objective allows are late. */
type Phase = readonly [steps: number, owed: number, budgets: number];

/** The values of a counter that grows in phases. */
function grow(phases: readonly (readonly [steps: number, amount: number])[]): string {
  let at = 0;
  const parts = ['0'];
  for (const [steps, amount] of phases) {
    parts.push(`${at + amount}+${amount}x${steps - 1}`);
    at += steps * amount;
  }
  return parts.join(' ');
}

function taken({ kind, le, budget }: Objective, phases: readonly Phase[]): BurnCase['series'] {
  const inTime = ([steps, owed, budgets]: Phase) =>
    [steps, owed - owed * Math.min(1, budget * budgets)] as const;
  return {
    [`notify_delivery_seconds_count{kind="${kind}"}`]: grow(phases.map(([steps, owed]) => [steps, owed])),
    [`notify_delivery_seconds_bucket{kind="${kind}",le="${le}"}`]: grow(phases.map(inTime)),
    [`notify_decisions_total{kind="${kind}",reason="too-late"}`]: '0x400',
  };
}

function burn(
  severity: BurnCase['severity'],
  stepMinutes: number,
  isFiring: boolean,
  ...phases: Phase[]
): BurnCase {
  const steps = phases.reduce((sum, [count]) => sum + count, 0);
  return {
    severity,
    series: Object.assign(
      {},
      ...OBJECTIVES.map((objective) => taken(objective, phases)),
    ) as BurnCase['series'],
    step: `${stepMinutes}m`,
    at: `${steps * stepMinutes}m`,
    fires: OBJECTIVES.flatMap(({ alert, slo }) =>
      isFiring ? [`alertname="${alert}",slo="${slo}",severity="${severity}"`] : [],
    ),
  };
}

/** What the pages do; a step is 2 minutes. Each case meets one pair of windows and not the other. */
export const PAGE_CASES: readonly BurnCase[] = [
  // 14.4 times the budget in an hour.
  burn('page', 2, true, [180, 10_000, 0], [10, 10_000, 45]),
  burn('page', 2, false, [180, 10_000, 0], [10, 10_000, 42]),
  burn('page', 2, true, [180, 10_000, 0], [10, 10_000, 45], [4, 10_000, 15]),
  burn('page', 2, false, [180, 10_000, 0], [10, 10_000, 45], [4, 10_000, 14]),
  // 6 times in six hours.
  burn('page', 2, true, [180, 10_000, 6.1]),
  burn('page', 2, false, [180, 10_000, 5.9]),
  burn('page', 2, false, [180, 10_000, 6.8], [18, 10_000, 0]),
  // All are late, and too few to say so.
  burn('page', 2, true, [6, 1, 1e9]),
  burn('page', 2, false, [4, 1, 1e9]),
];

/** What the tickets do; a step is half an hour. */
export const TICKET_CASES: readonly BurnCase[] = [
  // 3 times the budget in a day: the two days before had ten times as many mails.
  burn('ticket', 30, true, [96, 100_000, 0], [50, 10_000, 3.1]),
  burn('ticket', 30, false, [96, 100_000, 0], [50, 10_000, 2.9]),
  burn('ticket', 30, false, [96, 100_000, 0], [42, 10_000, 3.6], [8, 10_000, 0]),
  // The whole budget in three days.
  burn('ticket', 30, true, [146, 10_000, 1.1]),
  burn('ticket', 30, false, [146, 10_000, 0.9]),
  burn('ticket', 30, false, [130, 10_000, 1.3], [16, 10_000, 0]),
];

const OTP = 'kind="one-time-password"';

/** What is owed besides what was taken: a rate a second of the last hour, from counters that grow by one a minute. */
export const OWED_CASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'given up at the deadline': { [`notify_mails_total{${OTP},state="expired"}`]: '0+1x60' },
  'in doubt twice': { [`notify_mails_total{${OTP},state="in-doubt"}`]: '0+1x60' },
  'read too late': { [`notify_decisions_total{${OTP},reason="too-late"}`]: '0+1x60' },
};

/** Taken in time, and what the carrier refused finally, put off or had withdrawn: none of them is late. */
export const NOT_OWED = Object.fromEntries(
  ['bounced', 'deferred', 'withdrawn'].map((state) => [
    `notify_mails_total{${OTP},state="${state}"}`,
    '0+1x60',
  ]),
);
