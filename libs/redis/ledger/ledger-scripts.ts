import { LEDGER_ENTRY } from './ledger-entry.ts';

/*
 * The ledger's rules in Lua. `createInMemoryLedger` of libs/delivery is the same in TypeScript, and a test compares the two.
 * Each call is atomic, uses Redis's clock and one key, and is safe to run twice: the token identifies its own claim.
 */

/*
 * Arguments: token, lease ms, address or '' for all, attempts or -1, event JSON, deadline, the decision's addresses.
 * Returns { claims, table }: for each claim its address, kind, attempt or until, and doubts. Returns only 1 in the most
 * common case, the first delivery of a new event, where the caller knows the rest.
 */
const CLAIM = `
local function claim(row, is_retry, attempts, token, lease)
  local known = attempts >= 0 and attempts or row[ATTEMPTS]
  local waiting = row[STATE] == 'open' or (row[STATE] == 'deferred' and is_retry)
  if not waiting or known < row[ATTEMPTS] then return 'done', 0 end
  local alive = row[TOKEN] ~= '' and now < row[UNTIL]
  if entry[SUPERSEDED] == 1 and not alive then
    end_superseded(row, '')
    return 'done', 0, true
  end
  if alive and row[TOKEN] ~= token then return 'busy', row[UNTIL] end
  -- An answer may be on its way through Kafka: the first to find the claim lapsed leaves it and retries after that
  -- answer.
  if row[DATA] == 1 and not alive then
    row[UNTIL], row[DATA] = now + lease, 2
    return 'lapsed', 0, true
  end
  if row[DATA] == 2 and not alive then row[DOUBTS] = row[DOUBTS] + 1 end
  -- A repeated claim must not undo that our own message has begun.
  if not (alive and row[DATA] > 0) then
    row[TOKEN], row[UNTIL], row[DATA] = token, now + lease, 0
  end
  row[ATTEMPTS] = known
  return 'mine', known + 1
end

function calls.claim(at, last)
  local token, lease, address, attempts = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2], tonumber(ARGV[at + 3])
  local is_new = not load()
  local is_first = not entry
  if is_new then create(ARGV[at + 4], at + 6, last) end
  local is_retry = address ~= ''
  local asked = is_retry and { (find_or_add(address)) } or entry[ROWS]
  local claims, changed = {}, false
  for _, row in ipairs(asked) do
    local kind, number, is_changed = claim(row, is_retry, attempts, token, lease)
    changed = changed or kind == 'mine' or is_changed
    for _, value in ipairs({ row[ADDRESS], kind, number, row[DOUBTS] }) do claims[#claims + 1] = value end
  end
  if is_new then
    save_new(ARGV[at + 5])
    if is_first and not is_retry then return 1 end
  elseif changed then
    save()
  end
  return { claims, show() }
end
`;

/* Arguments: address, token, DATA time-out ms. Returns 1, or 0 when the message must not be sent. */
const DATA_STARTED = `
function calls.dataStarted(at)
  local row = load() and find(ARGV[at])
  if not row or row[TOKEN] ~= ARGV[at + 1] then return 0 end
  -- R4: it was allowed once, but no byte was sent, and the recovery's mail has reported it.
  local superseded = entry[SUPERSEDED] == 1
  if superseded then
    end_superseded(row, '')
  else
    row[UNTIL], row[DATA] = now + tonumber(ARGV[at + 2]), 1
  end
  save()
  return superseded and 0 or 1
end
`;

/* Arguments: address, token, lease ms, DATA time-out ms. Returns 1, or 0 when the token no longer has the claim. */
const RENEW = `
function calls.renew(at)
  local row = load() and find(ARGV[at])
  if not row or row[TOKEN] ~= ARGV[at + 1] then return 0 end
  row[DATA] = math.min(row[DATA], 1)
  row[UNTIL] = now + tonumber(row[DATA] == 1 and ARGV[at + 3] or ARGV[at + 2])
  save()
  return 1
end
`;

/* Arguments: address, token, 1 when the mail may have been accepted. */
const RELEASE = `
function calls.release(at)
  local row = load() and find(ARGV[at])
  if not row or row[TOKEN] ~= ARGV[at + 1] then return end
  row[DOUBTS] = row[DOUBTS] + tonumber(ARGV[at + 2])
  row[TOKEN], row[UNTIL], row[DATA] = '', 0, 0
  if entry[SUPERSEDED] == 1 and unanswered(row) then end_superseded(row, '') end
  save()
end
`;

/*
 * Arguments: address, token, state, attempts, response, notBefore or 0, retry topic or '', 1 for a dead letter, and, for
 * an event that the ledger may no longer have: event JSON, deadline, addresses. Returns the table, or nothing when the
 * event has to be sent along. Returns only the sequence in the most common case, a single recipient's answer.
 */
const RECORD = `
-- 'accepted' may overwrite anything; nothing else overwrites a final answer; without the claim, only newer answers
-- count.
local function may_write(row, answer, token)
  if row[STATE] == 'accepted' then return false end
  if answer.state == 'accepted' then return true end
  if not unanswered(row) then return false end
  if row[TOKEN] == token then return true end
  if row[TOKEN] ~= '' and now < row[UNTIL] then return false end
  if answer.state == 'deferred' then return answer.attempts > row[ATTEMPTS] end
  return answer.attempts >= row[ATTEMPTS]
end

function calls.record(at, last)
  local answer = {
    state = ARGV[at + 2], attempts = tonumber(ARGV[at + 3]), response = ARGV[at + 4],
    not_before = tonumber(ARGV[at + 5]), topic = ARGV[at + 6], dead = tonumber(ARGV[at + 7])
  }
  local is_new = not load()
  if is_new then
    if last < at + 8 then return false end
    create(ARGV[at + 8], at + 10, last)
  end
  local row, is_added = find_or_add(ARGV[at])
  local writes = may_write(row, answer, ARGV[at + 1])
  -- R4: after a temporary refusal, no retry of what the recovery's mail has reported.
  local superseded = entry[SUPERSEDED] == 1 and answer.state == 'deferred'
  if writes and superseded then
    row[ATTEMPTS] = math.max(row[ATTEMPTS], answer.attempts)
    end_superseded(row, answer.response)
  elseif writes then
    write(row, answer)
  end
  if is_new then
    save_new(ARGV[at + 9])
  elseif writes or is_added then
    save()
  end
  if writes and not superseded and #entry[ROWS] == 1 and row[ATTEMPTS] == answer.attempts then return entry[SEQUENCE] end
  return show()
end
`;

/* Arguments: address, state, attempts of each row that was published. */
const SETTLE = `
function calls.settle(at, last)
  if not load() then return end
  for i = at, last, 3 do
    local row = find(ARGV[i])
    if row and row[STATE] ~= 'open' and row[STATE] == ARGV[i + 1] and row[ATTEMPTS] == tonumber(ARGV[i + 2]) then
      row[SETTLED] = 1
    end
  end
  save()
end
`;

/*
 * Returns the changed table. For an unknown event it returns nothing and leaves a mark, for as long as an event may be kept,
 * because the fault may have been received but not yet claimed.
 */
const SUPERSEDE = `
function calls.supersede()
  local is_known = load()
  entry = entry or { NO_EVENT, 0, {}, 0 }
  entry[SUPERSEDED] = 1
  end_all_superseded()
  if is_known then
    save()
    return show()
  end
  save_new(math.huge)
  return false
end
`;

/* Argument: the dead letter's id. Reopens the rows that ended as dead letters, and those that wait for a retry. */
const REOPEN = `
function calls.reopen(at)
  load()
  if not entry or entry[SUPERSEDED] == 1 then return end
  for _, row in ipairs(entry[ROWS]) do
    local dead = row[STATE] == 'in-doubt' or (row[DEAD] == 1 and row[STATE] ~= 'accepted')
    local alive = row[TOKEN] ~= '' and now < row[UNTIL]
    if (dead or row[STATE] == 'deferred') and not alive and row[REOPENED] ~= ARGV[at] then
      row[STATE], row[SETTLED], row[NOT_BEFORE], row[TOPIC], row[DEAD] = 'open', 0, 0, '', 0
      row[REOPENED] = ARGV[at]
      if dead then row[DOUBTS], row[TOKEN], row[UNTIL], row[DATA] = 0, '', 0, 0 end
    end
  end
  save()
end
`;

/* Returns the table, or nothing for an unknown event. */
const FIND = `
function calls.find()
  return load() and show()
end
`;

/** The functions of all ledger calls. Each works on `key`. */
export const LEDGER_CALLS = [
  'local calls = {}',
  LEDGER_ENTRY,
  CLAIM,
  DATA_STARTED,
  RENEW,
  RELEASE,
  RECORD,
  SETTLE,
  SUPERSEDE,
  REOPEN,
  FIND,
].join('');
