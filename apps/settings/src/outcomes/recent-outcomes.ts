import { mailDomainLabel } from '#mail';
import type { Outcome } from '#redis';

type MailDomainLabel = ReturnType<typeof mailDomainLabel>;

/** An outcome, and when this process read it (epoch milliseconds). */
interface SeenOutcome {
  readonly outcome: Outcome;
  readonly seenAt: number;
}

interface Trouble {
  readonly state: string;
  readonly response: string;
  readonly at: number;
}

/** What became of the mails to one carrier within the last hour, by their states. */
export interface CarrierTally {
  readonly domain: MailDomainLabel;
  readonly states: ReadonlyMap<string, number>;
  /** The last refusal or delay, as the mail server said it. */
  readonly lastTrouble?: Trouble;
}

/** The newest outcomes that this process has read, in memory: bounded, and there without any server. */
export interface RecentOutcomes {
  add(items: readonly Outcome[]): void;
  /** The newest first. */
  newest(): readonly SeenOutcome[];
  carriers(): readonly CarrierTally[];
  /** Since when this process reads, in epoch milliseconds. */
  readonly since: number;
}

const MOST = 200;
const MINUTE_MS = 60_000;
const MINUTES = 60;

interface Tally {
  readonly states: Map<string, number>;
  lastTrouble?: Trouble;
}
type Minute = Map<MailDomainLabel, Tally>;

/** Begins with nothing seen. `now` is in epoch milliseconds. */
export function createRecentOutcomes(now: () => number): RecentOutcomes {
  let seen: SeenOutcome[] = [];
  const minutes = new Map<number, Minute>();
  const count = (outcome: Outcome, at: number): void => {
    const minute = minuteOf(minutes, Math.floor(at / MINUTE_MS));
    for (const { address, state, response } of outcome.recipients) {
      const domain = mailDomainLabel(address);
      const tally = minute.get(domain) ?? { states: new Map<string, number>() };
      tally.states.set(state, (tally.states.get(state) ?? 0) + 1);
      if (state !== 'accepted' && response !== '') tally.lastTrouble = { state, response, at };
      minute.set(domain, tally);
    }
  };
  return {
    since: now(),
    add(items) {
      const at = now();
      for (const outcome of items) count(outcome, at);
      seen = [...seen, ...items.slice(-MOST).map((outcome) => ({ outcome, seenAt: at }))].slice(-MOST);
    },
    newest: () => seen.toReversed(),
    carriers: () => talliesSince(minutes, Math.floor(now() / MINUTE_MS) - MINUTES),
  };
}

/** The minute's tally; what is older than an hour is forgotten with each new one. */
function minuteOf(minutes: Map<number, Minute>, at: number): Minute {
  const known = minutes.get(at);
  if (known) return known;
  const fresh: Minute = new Map();
  minutes.set(at, fresh);
  for (const minute of minutes.keys()) if (minute <= at - MINUTES) minutes.delete(minute);
  return fresh;
}

function talliesSince(minutes: ReadonlyMap<number, Minute>, oldest: number): CarrierTally[] {
  const sums = new Map<MailDomainLabel, Tally>();
  for (const [at, minute] of minutes) {
    if (at <= oldest) continue;
    for (const [domain, { states, lastTrouble }] of minute) {
      const sum = sums.get(domain) ?? { states: new Map<string, number>() };
      for (const [state, count] of states) sum.states.set(state, (sum.states.get(state) ?? 0) + count);
      if (lastTrouble) sum.lastTrouble = lastTrouble;
      sums.set(domain, sum);
    }
  }
  return Array.from(sums, ([domain, sum]) => ({ domain, ...sum }));
}
