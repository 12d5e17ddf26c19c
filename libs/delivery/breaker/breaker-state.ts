/** The state of a breaker. While `open` nothing is started, and the server is probed at `probeAt` (epoch ms). */
export interface BreakerState {
  readonly open: boolean;
  readonly probeAt: number;
  /** Probes that failed, or succeeded misleadingly, since this outage began. */
  readonly failedProbes: number;
  /** When a probe closed it, until something is answered: if it reopens soon, that counts as the same outage. */
  readonly closedAt?: number;
  /** How many connections may be used at once; grows from 1 after an outage (slow start). */
  readonly connections: number;
  /** Recipients whose transaction was cut off since the last mail was taken. */
  readonly suspects: readonly string[];
  /** Recipients for whom the relay refused us, since it last took or finally refused a mail. */
  readonly refusals: readonly string[];
  /**
   * It is open, or was last, because the relay refuses us: it answers, so only a mail can tell whether that is over.
   */
  readonly isRefused: boolean;
}

export type BreakerInput =
  /** The server cannot be used at all (connect, greeting, TLS, login; for Redis: no answer). */
  | { readonly kind: 'unavailable' }
  /** A 421, a drop or a time-out between MAIL and the answer for this recipient. */
  | { readonly kind: 'cut-off'; readonly recipient: string }
  /** The relay refused us, whoever this mail is for. */
  | { readonly kind: 'refused-us'; readonly recipient: string }
  /** A mail was taken, or a refusal was given: the server works. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'probe-failed' }
  | { readonly kind: 'probe-succeeded' };

const FIRST_PAUSE_MS = 500;
/** A probe is one connection per process: this often is no burden, and the mails of an outage are already late. */
const LONGEST_PAUSE_MS = 2_000;
/** The relay has to be mended, or its quota renewed: each try is a mail that is refused. */
const LONGEST_REFUSED_PAUSE_MS = 15_000;
/** This many different recipients in a row: fewer may be refused for reasons of their own. */
const MOST_REFUSALS = 3;
/** Reopened within this time after a successful probe, it continues with growing pauses: a server may only greet. */
const SAME_OUTAGE_MS = 10_000;

/** A closed breaker that lets all of `connections` be used. */
export function closedBreaker(connections: number): BreakerState {
  const none = { suspects: [], refusals: [], isRefused: false };
  return { open: false, probeAt: 0, failedProbes: 0, connections, ...none };
}

/**
 * The breaker after something happened at `now` (epoch ms). A server that is unavailable opens it at once; a cut-off
 * only when two different recipients met it with nothing answered in between, because one poisonous mail must not stop
 * all the others. `limit` is the most connections that may ever be used.
 */
export function breakerAfter(
  state: BreakerState,
  input: BreakerInput,
  now: number,
  limit: number,
): BreakerState {
  switch (input.kind) {
    case 'unavailable':
      return opened(state, now);
    case 'cut-off': {
      const suspects = state.suspects.includes(input.recipient)
        ? state.suspects
        : [...state.suspects, input.recipient];
      if (suspects.length >= 2) return opened(state, now);
      // A server that cuts connections gets fewer of them, not more.
      return { ...state, suspects, connections: Math.max(1, Math.floor(state.connections / 2)) };
    }
    case 'refused-us':
      return refused(state, input.recipient, now);
    case 'answered':
      if (state.open || (state.connections >= limit && isUntroubled(state))) return state;
      // One more for each answer doubles the connections in each round of answers.
      return closedBreaker(Math.min(limit, state.connections + 1));
    case 'probe-failed': {
      if (!state.open) return state;
      return openBreaker(state.failedProbes + 1, now, state.isRefused);
    }
    case 'probe-succeeded': {
      const { failedProbes, isRefused } = state;
      return state.open ? { ...closedBreaker(1), failedProbes, isRefused, closedAt: now } : state;
    }
  }
}

function isUntroubled({ suspects, refusals, closedAt }: BreakerState): boolean {
  return suspects.length === 0 && refusals.length === 0 && closedAt === undefined;
}

/** Until a mail goes through, one more refusal is enough. */
function refused(state: BreakerState, recipient: string, now: number): BreakerState {
  if (state.open) return state;
  if (state.isRefused) return openBreaker(state.failedProbes + 1, now, true);
  if (state.refusals.includes(recipient)) return state;
  const refusals = [...state.refusals, recipient];
  return refusals.length >= MOST_REFUSALS ? openBreaker(0, now, true) : { ...state, refusals };
}

function opened(state: BreakerState, now: number): BreakerState {
  if (state.open) return state;
  const isSameOutage = state.closedAt !== undefined && now - state.closedAt < SAME_OUTAGE_MS;
  return openBreaker(isSameOutage ? state.failedProbes + 1 : 0, now, state.isRefused);
}

function openBreaker(failedProbes: number, now: number, isRefused: boolean): BreakerState {
  const longest = isRefused ? LONGEST_REFUSED_PAUSE_MS : LONGEST_PAUSE_MS;
  const pause = Math.min(longest, FIRST_PAUSE_MS * 2 ** failedProbes);
  return { ...closedBreaker(1), open: true, probeAt: now + pause, failedProbes, isRefused };
}
