import type { AccessDeps } from './deps.ts';
import { logIn, type LoginResult, type LoginTry } from './log-in.ts';

/** How long it is believed at most that a wait goes on, and of how many. */
const BELIEVED_MS = 1_000;
const MOST_BELIEVED = 1_000;

type Wait = Extract<LoginResult, { seconds: number }>;

/**
 * Logs in as `logIn` does, and repeats a refusal that says to wait (A3) for up to a second, and not beyond the wait, to
 * whoever tries the same number from a browser that sends the same cookie: a flood of guesses at it then costs no more
 * than its answers.
 */
export function createSparingLogIn(deps: AccessDeps): (login: LoginTry) => Promise<LoginResult> {
  const waits = new Map<string, Known>();
  return async (login) => {
    const key = JSON.stringify([login.as, login.browser]);
    const known = waits.get(key);
    if (known) {
      const now = deps.now();
      if (now < known.lookAgainAt) return known.wait;
      // One looks again; the others are told the same meanwhile.
      known.lookAgainAt = Math.min(now + BELIEVED_MS, known.overAt);
    }
    const result = await logIn(deps, login);
    waits.delete(key);
    if (result.kind === 'wait') waits.set(key, knownFrom(result, deps.now()));
    const [oldest] = waits.keys();
    if (waits.size > MOST_BELIEVED && oldest !== undefined) waits.delete(oldest);
    return result;
  };
}

interface Known {
  readonly wait: Wait;
  lookAgainAt: number;
  /** The wait goes on until then at least. */
  readonly overAt: number;
}

function knownFrom(wait: Wait, now: number): Known {
  // The seconds are rounded up, so the wait is longer than one less.
  const overAt = now + (wait.seconds - 1) * 1_000;
  return { wait, lookAgainAt: Math.min(now + BELIEVED_MS, overAt), overAt };
}
