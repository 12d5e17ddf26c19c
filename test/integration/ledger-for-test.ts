import { randomUUID } from 'node:crypto';
import type { Answer, Claim, Ledger, LedgerEvent } from '#delivery';
import { createLedger } from '#redis';
import { createInMemoryLedger } from '../../libs/delivery/testing/in-memory-ledger.ts';
import { openRedis } from './redis-for-test.ts';

/** A ledger whose next claims last long, or expire at once. */
export interface TimedLedger extends Ledger {
  lasting(isLasting: boolean): void;
}

interface Times {
  leaseMs: number;
  dataTimeoutMs: number;
}

export const MINUTE = 60_000;

function timed(create: (times: Times) => Ledger): TimedLedger {
  const times: Times = { leaseMs: 0, dataTimeoutMs: 0 };
  const lasting = (isLasting: boolean): void => {
    times.leaseMs = isLasting ? 10 * MINUTE : 0;
    times.dataTimeoutMs = isLasting ? 30 * MINUTE : 0;
  };
  lasting(true);
  return { ...create(times), lasting };
}

/** The reference that the ledger in Redis is compared with. */
export const openLedgerInMemory = (): TimedLedger => timed((times) => createInMemoryLedger(times));

export async function openLedgerInRedis(): Promise<TimedLedger> {
  // The order of calls matters here, not how long a busy machine takes for them.
  const redis = await openRedis({ commandTimeoutMs: 10_000 });
  return timed((times) => createLedger(redis, times));
}

/** Both ledgers, for tests that hold for either. */
export const LEDGERS: readonly (readonly [string, () => Promise<TimedLedger>])[] = [
  ['in memory', async () => openLedgerInMemory()],
  ['in Redis', openLedgerInRedis],
];

/** A call that is owed to its recipients for a minute; `more` says what else is different. */
export function anEvent(
  recipients: readonly string[] = ['a@example.jp'],
  more: Partial<LedgerEvent> = {},
): LedgerEvent {
  const at = Date.now();
  return {
    source: '/switch',
    id: randomUUID(),
    kind: 'call',
    number: '0312345679',
    lineNumber: '0312345678',
    brand: 'ntt-east',
    at,
    deadline: at + 60_000,
    reason: 'notify',
    recipients,
    ...more,
  };
}

export const A = 'a@example.jp';
export const B = 'b@example.jp';
export const accepted: Answer = { state: 'accepted', attempts: 1, response: '250 2.0.0 Ok' };
export const deferred: Answer = {
  state: 'deferred',
  attempts: 1,
  response: '451 4.7.1 Later',
  notBefore: 1_900_000_000_000,
  retryTopic: 'notify-retry-10s',
};

/** Claims on a ledger. */
export interface Claiming {
  /** What a claim of one recipient, `A` by default, comes to. */
  claimOf(event: LedgerEvent, token: string, address?: string, attempts?: number): Promise<Claim>;
  /** Somebody is the first to find a claim lapsed after its message has begun, and leaves it. */
  foundLapsed(event: LedgerEvent): Promise<void>;
}

export function claiming(ledger: () => TimedLedger): Claiming {
  const claimOf: Claiming['claimOf'] = async (event, token, address, attempts) => {
    const { claims } = await ledger().claim({
      event,
      token,
      ...(address === undefined ? {} : { address }),
      ...(attempts === undefined ? {} : { attempts }),
    });
    const claim = claims.get(address ?? A);
    if (!claim) throw new Error('no claim for the recipient asked for');
    return claim;
  };
  return {
    claimOf,
    async foundLapsed(event) {
      ledger().lasting(false);
      expect(await claimOf(event, 'w', A, 3)).toEqual({ kind: 'lapsed' });
      ledger().lasting(true);
    },
  };
}
