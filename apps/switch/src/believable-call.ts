import { japanTimeToTheSecond, type EventData } from '#events';
import type { Random } from './random.ts';
import { domesticNumber, foreignNumber, type CalledNumber, type Habits } from './subscriber.ts';

type Call = EventData<'call.v1'>;
type Rings = Pick<Call, 'caller'> & { readonly nuisance: boolean };
type Ending = Pick<Call, 'ringSeconds' | 'outcome' | 'refusedBy' | 'forwarding'>;

/** The same few firms ring everybody. */
const NUISANCE = ['0120444113', '0120999044', '05031880001', '08005559876'] as const;

/** Draws one call to a number: who rings, and how it ends. `at` is when it rings, in epoch milliseconds. */
export function believableCall(
  random: Random,
  { lineNumber, calledNumber, habits }: CalledNumber,
  at: number,
): Call {
  const { nuisance, caller } = drawCaller(random, habits);
  return {
    lineNumber,
    calledNumber,
    caller,
    startedAt: japanTimeToTheSecond(at),
    ...(refusal(caller, nuisance, habits) ?? drawEnding(random, habits)),
  };
}

function drawCaller(random: Random, { acquaintances }: Habits): Rings {
  const who = random.weighted([
    ['acquaintance', 62],
    ['stranger', 20],
    ['nuisance', 8],
    ['withheld', 8],
    ['abroad', 2],
  ] as const);
  switch (who) {
    case 'acquaintance':
      return { nuisance: false, caller: { number: random.pick(acquaintances) } };
    case 'stranger':
      return { nuisance: false, caller: { number: domesticNumber(random) } };
    case 'nuisance':
      return { nuisance: true, caller: { number: random.pick(NUISANCE) } };
    case 'withheld':
      return { nuisance: false, caller: { withheld: drawReason(random) } };
    case 'abroad':
      return { nuisance: false, caller: { number: foreignNumber(random) } };
  }
}

function drawReason(random: Random): 'P' | 'C' | 'O' | 'S' {
  return random.weighted([
    ['P', 80],
    ['C', 10],
    ['O', 8],
    ['S', 2],
  ] as const);
}

/** What the switch refuses before it rings. */
function refusal(caller: Call['caller'], nuisance: boolean, habits: Habits): Ending | undefined {
  const refused = { ringSeconds: 0, outcome: 'unanswered' } as const;
  if (nuisance && habits.refusesNuisance) return { ...refused, refusedBy: 'nuisance-list' };
  if (caller.withheld === 'P' && habits.refusesWithheld) return { ...refused, refusedBy: 'number-request' };
  return undefined;
}

function drawEnding(random: Random, { forwards }: Habits): Ending {
  const outcome = random.weighted([
    ['answered', 60],
    ['unanswered', forwards ? 2 : 24],
    ['busy', 6],
    ['abandoned', 10],
    ['forwarded', forwards ? 22 : 0],
  ] as const);
  switch (outcome) {
    case 'answered':
      return { outcome, ringSeconds: random.between(2, 20) };
    case 'unanswered':
      return { outcome, ringSeconds: random.between(20, 60) };
    case 'busy':
      return { outcome, ringSeconds: 0 };
    case 'abandoned':
      return { outcome, ringSeconds: random.between(1, 12) };
    case 'forwarded':
      return drawForwarding(random);
  }
}

/** Voice Warp rings the line first; one call in eight finds the destination busy or out of reach (C9). */
function drawForwarding(random: Random): Ending {
  const ringSeconds = random.between(10, 25);
  const failed = random.weighted([
    [undefined, 7],
    ['destination-busy', 0.6],
    ['destination-unreachable', 0.4],
  ] as const);
  if (failed === undefined) return { outcome: 'forwarded', ringSeconds };
  return { outcome: 'unanswered', ringSeconds, forwarding: failed };
}
