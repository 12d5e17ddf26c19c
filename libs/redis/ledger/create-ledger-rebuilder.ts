import type { RetryTopic } from '#events';
import { isDeadLetter } from '#delivery';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { joinCalls } from '../connection/join-calls.ts';
import type { Outcome } from '../history/outcome-history.ts';
import { createKeys } from '../keys.ts';
import { LEDGER_CALLS } from './ledger-scripts.ts';

/** An event's outcome as Kafka has it, and what the outcome does not say. */
export interface ToldOutcome {
  readonly outcome: Pick<Outcome, 'eventSource' | 'eventId' | 'sequence' | 'recipients'>;
  /** Until when the ledger would have kept the event, epoch milliseconds. */
  readonly keepUntil: number;
  /** The topic for what waits for a retry, if its record is read again. */
  readonly retryTopic: RetryTopic;
}

/** `known`: the ledger has this state of the event or a later one. `over`: it would not keep the event any more. */
export type Rebuilt = 'written' | 'known' | 'over';

/*
 * Arguments: sequence, keep until, retry topic, and of each recipient its address, state, attempts, response, and 1 for a
 * dead letter. What was accepted stays so, and a mail that somebody is sending is left to its claim. A retry record is
 * published after the outcome that announces it: so that none is missing, what is deferred counts as not settled, and is
 * put into its retry topic once more when its record is read again.
 */
const REBUILD = `
local FIELDS = 5

local function rebuild_row(at, topic)
  local row = find_or_add(ARGV[at])
  local state = ARGV[at + 1]
  local alive = row[TOKEN] ~= '' and now < row[UNTIL]
  if row[STATE] == 'accepted' or (alive and state ~= 'accepted') then return end
  local is_deferred = state == 'deferred'
  row[STATE], row[ATTEMPTS], row[RESPONSE] = state, math.max(row[ATTEMPTS], tonumber(ARGV[at + 2])), ARGV[at + 3]
  row[SETTLED], row[DEAD] = is_deferred and 0 or 1, tonumber(ARGV[at + 4])
  row[NOT_BEFORE], row[TOPIC] = is_deferred and now or 0, is_deferred and topic or ''
  row[TOKEN], row[UNTIL], row[DATA] = '', 0, 0
end

function calls.rebuild(at, last)
  local sequence, keep_until, topic = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), ARGV[at + 2]
  load()
  local is_new = not entry
  if is_new and keep_until <= now then return 'over' end
  entry = entry or { NO_EVENT, 0, {}, 0 }
  if entry[SEQUENCE] >= sequence then return 'known' end
  for i = at + 3, last, FIELDS do rebuild_row(i, topic) end
  if entry[SUPERSEDED] == 1 then end_all_superseded() end
  entry[SEQUENCE] = sequence
  if is_new then
    redis.call('SET', key, cmsgpack.pack(entry), 'PXAT', ARGV[at + 1])
  else
    save()
  end
  return 'written'
end
`;

/**
 * Writes what outcomes tell of an event into the ledger, for after a Redis that was restored from a copy or lost. Of several
 * outcomes of an event the highest sequence counts, in whatever order they come, and the ledger's own if that is as high.
 * Rejects with a `RedisError`.
 */
export function createLedgerRebuilder(redis: RedisConnection): (told: ToldOutcome) => Promise<Rebuilt> {
  const { event: keyOf } = createKeys(redis.keyPrefix);
  const call = joinCalls(redis, 'rebuilding the ledger', LEDGER_CALLS + REBUILD);
  return async ({ outcome, keepUntil, retryTopic }) => {
    const { eventSource, eventId, sequence, recipients } = outcome;
    const rows = recipients.flatMap((one) => [
      one.address,
      one.state,
      one.attempts,
      one.response,
      isDeadLetter(one) ? 1 : 0,
    ]);
    const args = [sequence, Math.round(keepUntil), retryTopic, ...rows];
    return (await call('rebuild', keyOf(eventSource, eventId), args)) as Rebuilt;
  };
}
