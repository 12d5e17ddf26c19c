import { LedgerClaimLost, type Answer, type ClaimRequest, type Ledger, type LedgerEvent } from '#delivery';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { joinCalls } from '../connection/join-calls.ts';
import { createKeys } from '../keys.ts';
import { readClaims, readRecorded, readTableIfAny, storedEvent } from './ledger-replies.ts';
import { LEDGER_CALLS } from './ledger-scripts.ts';

/** How long claims last, in milliseconds. Read at each call. */
export interface LedgerOptions {
  /** A claim whose message has not begun expires after this time. */
  readonly leaseMs?: number;
  /** A claim whose message has begun lapses after this time without renewal, and leaves the mail in doubt. */
  readonly dataTimeoutMs?: number;
}

function leasesOf({
  leaseMs = 10_000,
  dataTimeoutMs = 60_000,
}: LedgerOptions): Record<'waiting' | 'begun', number> {
  return { waiting: leaseMs, begun: dataTimeoutMs };
}

/**
 * The ledger in Redis (invariants: `createInMemoryLedger`). Each call is one round trip, shared with other calls, and
 * atomic for its event. Entries expire a day after the deadline. Rejects with `REDIS_UNAVAILABLE` during an outage: the call
 * may have been carried out all the same, and repeating it with the same token is harmless.
 */
export function createLedger(redis: RedisConnection, options: LedgerOptions = {}): Ledger {
  const { event: keyOf } = createKeys(redis.keyPrefix);
  const key = ({ source, id }: Pick<LedgerEvent, 'source' | 'id'>): string => keyOf(source, id);
  const call = joinCalls(redis, 'asking the ledger', LEDGER_CALLS);
  return {
    async claim(request) {
      const asked = claimArguments(request, leasesOf(options).waiting);
      return readClaims(request.event, await call('claim', key(request.event), asked));
    },
    async dataStarted(event, address, token) {
      const mark = [address, token, leasesOf(options).begun];
      if ((await call('dataStarted', key(event), mark)) !== 1) throw new LedgerClaimLost();
    },
    async renew(event, address, token) {
      const { waiting, begun } = leasesOf(options);
      return (await call('renew', key(event), [address, token, waiting, begun])) === 1;
    },
    async release(event, address, token, doubt) {
      await call('release', key(event), [address, token, doubt ? 1 : 0]);
    },
    async record(event, address, token, answer) {
      const change = recordArguments(address, token, answer);
      const reply = await call('record', key(event), change);
      // The event is sent along only if Redis no longer has it, so that its answer is not lost.
      const known = reply ?? (await call('record', key(event), [...change, ...storedEvent(event)]));
      return readRecorded(event, address, answer, known);
    },
    async settle({ event, rows }) {
      const shown = rows.flatMap(({ address, state, attempts }) => [address, state, attempts]);
      await call('settle', key(event), shown);
    },
    supersede: async (source, id) =>
      readTableIfAny({ source, id }, await call('supersede', key({ source, id }))),
    async reopen(source, id, deadLetterId) {
      await call('reopen', key({ source, id }), [deadLetterId]);
    },
    find: async (source, id) => readTableIfAny({ source, id }, await call('find', key({ source, id }))),
  };
}

function claimArguments(
  { event, address, attempts, token }: ClaimRequest,
  leaseMs: number,
): (string | number)[] {
  return [
    token,
    leaseMs,
    address ?? '',
    (address === undefined ? undefined : attempts) ?? -1,
    ...storedEvent(event),
  ];
}

function recordArguments(address: string, token: string, answer: Answer): (string | number)[] {
  const { state, attempts, response, notBefore, retryTopic, deadLetter } = answer;
  return [address, token, state, attempts, response, notBefore ?? 0, retryTopic ?? '', deadLetter ? 1 : 0];
}
