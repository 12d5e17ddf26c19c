/** What a breaker knows. `open` starts nothing and asks again at `probeAt` (epoch ms). */
export interface BreakerState {
  readonly open: boolean;
  readonly probeAt: number;
  /** Probes that failed, or deceived, since this outage began. */
  readonly failedProbes: number;
  /** When a probe closed it, as long as nothing was answered since: what opens it soon is the same outage. */
  readonly closedAt?: number;
  /** How many connections may be used at once; grows from 1 after an outage (slow start). */
  readonly connections: number;
  /** Recipients whose transaction was cut off since the last mail was taken. */
  readonly suspects: readonly string[];
}

export type BreakerInput =
  /** The server cannot be used at all (connect, greeting, TLS, login; for Redis: no answer). */
  | { readonly kind: 'unavailable' }
  /** A 421, a drop or a time-out between MAIL and the answer for this recipient. */
  | { readonly kind: 'cut-off'; readonly recipient: string }
  /** A mail was taken, or a refusal was given: the server works. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'probe-failed' }
  | { readonly kind: 'probe-succeeded' };

const FIRST_PAUSE_MS = 500;
/** A probe is one connection a process: more often is no burden, and the mails of an outage are late already. */
const LONGEST_PAUSE_MS = 2_000;
/** Opened again so soon after a probe succeeded, it goes on with its growing pauses: a server may greet and no more. */
const SAME_OUTAGE_MS = 10_000;

/** A closed breaker that lets all of `connections` be used. */
export function closedBreaker(connections: number): BreakerState {
  return { open: false, probeAt: 0, failedProbes: 0, connections, suspects: [] };
}

/**
 * The breaker after something happened at `now` (epoch ms). A server that is away opens it at once; a cut-off only
 * when two different recipients met it with nothing answered in between, because one poisonous mail must not stop all
 * the others. `limit` is the most connections that may ever be used.
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
      // A server that breaks off is met by fewer connections, not more.
      return { ...state, suspects, connections: Math.max(1, Math.floor(state.connections / 2)) };
    }
    case 'answered':
      if (state.open) return state;
      if (state.connections >= limit && state.suspects.length === 0 && state.closedAt === undefined)
        return state;
      // One more for each answer doubles the connections in each round of answers.
      return closedBreaker(Math.min(limit, state.connections + 1));
    case 'probe-failed': {
      if (!state.open) return state;
      return openBreaker(state.failedProbes + 1, now);
    }
    case 'probe-succeeded':
      return state.open ? { ...closedBreaker(1), failedProbes: state.failedProbes, closedAt: now } : state;
  }
}

function opened(state: BreakerState, now: number): BreakerState {
  if (state.open) return state;
  const isSameOutage = state.closedAt !== undefined && now - state.closedAt < SAME_OUTAGE_MS;
  return openBreaker(isSameOutage ? state.failedProbes + 1 : 0, now);
}

function openBreaker(failedProbes: number, now: number): BreakerState {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failedProbes);
  return { open: true, probeAt: now + pause, failedProbes, connections: 1, suspects: [] };
}
