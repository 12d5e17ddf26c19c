import { hash, verify } from '@node-rs/argon2';
import pLimit, { type LimitFunction } from 'p-limit';
import type { PasswordHasher } from './ports.ts';

/** Argon2id as ASVS 5.0's appendix C and OWASP ask for. Argon2id is the library's default. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Two at once fill two cores; more only make each of them slower, and take 19 MiB each. */
const AT_ONCE = 2;
/** About half a second of work. Whoever comes then is told to try again. */
const MOST_WAITING = 50;
/** How many of one source may wait for each other: as many as it may try by default. */
const MOST_OF_SOURCE = 100;
/** The hash of a text that nobody knows, for the same work where there is no password. */
const NOBODYS =
  '$argon2id$v=19$m=19456,t=2,p=1$d6ld6FESWr2Auon2fLGrqQ$iOc8eHCrW8PxiAUAHKI8sgW+C8vCUq+yyWU12V+B6LU';

/** Too many passwords wait to be checked. */
export class HasherBusy extends Error {
  readonly code = 'hasher-busy';
  readonly retryable = true;

  constructor() {
    super('too many passwords wait to be checked');
    this.name = 'HasherBusy';
  }
}

/** The hasher of a process. */
export interface OwnHasher extends PasswordHasher {
  /** How many passwords wait to be hashed. */
  waiting(): number;
}

/** Creates the hasher of a process. Its queues are bounded, so that a flood of tries costs bounded memory. */
export function createPasswordHasher(): OwnHasher {
  const limit = pLimit(AT_ONCE);
  const inTurn: InTurn = (work) =>
    limit.pendingCount >= MOST_WAITING ? Promise.reject(new HasherBusy()) : limit(work);
  const inTurnOf = turnsOfSources();
  const inTurnFor = <T>(source: string | undefined, work: () => Promise<T>): Promise<T> =>
    source === undefined ? inTurn(work) : inTurnOf(source, () => inTurn(work));
  return {
    waiting: () => limit.pendingCount,
    hash: (password, source) => inTurnFor(source, () => hash(password, ARGON2)),
    verify: (stored, password, source) =>
      inTurnFor(source, async () => (await verify(stored ?? NOBODYS, password)) && stored !== null),
  };
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs one piece of work of a source at a time. */
function turnsOfSources(): <T>(source: string, work: () => Promise<T>) => Promise<T> {
  const turns = new Map<string, { readonly limit: LimitFunction; count: number }>();
  return async (source, work) => {
    const turn = turns.get(source) ?? { limit: pLimit(1), count: 0 };
    if (turn.count >= MOST_OF_SOURCE) throw new HasherBusy();
    turns.set(source, turn);
    turn.count += 1;
    try {
      return await turn.limit(work);
    } finally {
      turn.count -= 1;
      if (turn.count === 0) turns.delete(source);
    }
  };
}
