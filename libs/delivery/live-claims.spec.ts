import type { LedgerEvent } from './ports.ts';
import { LiveClaims } from './live-claims.ts';
import { redisUnavailable } from './testing/failures.ts';
import { createInMemoryLedger } from './testing/in-memory-ledger.ts';
import { callRecord } from './testing/records.ts';

const EVENT = {
  source: '/switch',
  id: '1',
  deadline: 0,
  recipients: ['a@example.jp'],
} as unknown as LedgerEvent;
const CLAIMED = { decided: EVENT, record: callRecord('1') };
const A = 'a@example.jp';
const SECOND = 1_000;
const NO_LOG = {
  error: (): never => {
    throw new Error('nothing should be told');
  },
};

interface Worker {
  readonly claims: LiveClaims;
  readonly ledger: ReturnType<typeof createInMemoryLedger>;
  /** Lets so many seconds pass, in each of which the process looks through its claims unless it is frozen. */
  pass(seconds: number, isFrozen?: boolean): Promise<void>;
  readonly renewals: () => number;
}

function worker(): Worker {
  const start = performance.now();
  let ms = 0;
  let renewals = 0;
  const ledger = createInMemoryLedger({ now: () => ms });
  const counted = {
    renew: (...given: Parameters<typeof ledger.renew>) => {
      renewals += 1;
      return ledger.renew(...given);
    },
  };
  const claims = new LiveClaims(counted, { redisUnavailable: () => undefined }, NO_LOG);
  return {
    claims,
    ledger,
    renewals: () => renewals,
    pass: async (seconds, isFrozen = false) => {
      for (let passed = 0; passed < seconds; passed += 1) {
        ms += SECOND;
        // What is held is as old as the test by the real clock; a second more makes up for that.
        if (!isFrozen) await claims.renewDue(start + ms + SECOND);
      }
    },
  };
}

describe('the claims of a process', () => {
  it('live as long as it works on them, before and after the message begins, and no longer', async () => {
    const { ledger, claims, pass } = worker();
    await ledger.claim({ event: EVENT, token: 't' });
    const live = claims.hold(CLAIMED, A, 't');
    await pass(300);
    expect((await ledger.claim({ event: EVENT, token: 'u' })).claims.get(A)).toMatchObject({ kind: 'busy' });
    live.begun();
    await ledger.dataStarted(EVENT, A, 't');
    await pass(600);
    expect((await ledger.claim({ event: EVENT, token: 'u' })).claims.get(A)).toMatchObject({ kind: 'busy' });
    live.end();
    await pass(61);
    expect((await ledger.claim({ event: EVENT, token: 'u' })).claims.get(A)).toEqual({ kind: 'lapsed' });
    await pass(11);
    expect((await ledger.claim({ event: EVENT, token: 'u' })).claims.get(A)).toMatchObject({ kind: 'mine' });
  });

  it('are renewed three times a minute once the message has begun', async () => {
    const { ledger, claims, pass, renewals } = worker();
    await ledger.claim({ event: EVENT, token: 't' });
    claims.hold(CLAIMED, A, 't').begun();
    await ledger.dataStarted(EVENT, A, 't');
    await pass(600);
    expect(renewals()).toBeGreaterThanOrEqual(28);
    expect(renewals()).toBeLessThanOrEqual(31);
  });

  it('are given up when somebody took them while the process was frozen', async () => {
    const { ledger, claims, pass, renewals } = worker();
    await ledger.claim({ event: EVENT, token: 't' });
    claims.hold(CLAIMED, A, 't').begun();
    await ledger.dataStarted(EVENT, A, 't');
    await pass(61, true);
    await ledger.claim({ event: EVENT, token: 'u' });
    await pass(11, true);
    expect((await ledger.claim({ event: EVENT, token: 'u' })).claims.get(A)).toMatchObject({ kind: 'mine' });
    await pass(2);
    expect(renewals()).toBe(1);
    await expect(ledger.dataStarted(EVENT, A, 'u')).resolves.toBeUndefined();
  });

  it('are kept while Redis is away, and the circuit breaker is told', async () => {
    let told = 0;
    let isAway = true;
    const claims = new LiveClaims(
      { renew: () => (isAway ? Promise.reject(redisUnavailable()) : Promise.resolve(true)) },
      { redisUnavailable: () => void (told += 1) },
      NO_LOG,
    );
    claims.hold(CLAIMED, A, 't');
    const now = performance.now();
    await claims.renewDue(now + 10_000);
    await claims.renewDue(now + 11_000);
    isAway = false;
    await claims.renewDue(now + 12_000);
    await claims.renewDue(now + 13_000);
    expect(told).toBe(2);
  });

  it('tell the log what cannot be renewed although Redis answers, once a minute for each kind of error', async () => {
    const errors: Error[] = [];
    const refused = Object.assign(new Error('WRONGTYPE'), { code: 'REDIS_REFUSED', retryable: false });
    const answers: (() => Promise<boolean>)[] = [];
    const claims = new LiveClaims(
      { renew: () => answers.shift()?.() ?? Promise.reject(refused) },
      { redisUnavailable: NO_LOG.error },
      { error: (fields) => void errors.push((fields as { err: Error }).err) },
    );
    for (const address of [A, 'b@example.jp']) claims.hold(CLAIMED, address, 't');
    // Whole milliseconds, because the difference of two sums of fractions may fall short of a minute.
    const now = Math.ceil(performance.now());
    for (let passed = 10; passed < 60; passed += 1) await claims.renewDue(now + passed * SECOND);
    expect(errors).toEqual([refused]);
    const bug = new TypeError('boom');
    answers.push(() => Promise.reject(bug));
    await claims.renewDue(now + 60 * SECOND);
    expect(errors).toEqual([refused, bug]);
    await claims.renewDue(now + 70 * SECOND);
    expect(errors).toEqual([refused, bug, refused]);
  });
});
