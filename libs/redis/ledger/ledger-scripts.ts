/**
 * The ledger's rules in Lua; `createInMemoryLedger` of libs/delivery says the same in TypeScript, and one test compares
 * them. An event is one string: msgpack of { its JSON, sequence, rows }, a row being
 * { address, state, attempts, response, settled, notBefore, retryTopic, doubts, token, until, data }.
 * Each script is atomic, uses Redis's clock, touches one key, and can run twice: the token finds its own claim.
 */
const PRELUDE = `
local ADDRESS, STATE, ATTEMPTS, RESPONSE, SETTLED, NOT_BEFORE, TOPIC = 1, 2, 3, 4, 5, 6, 7
local DOUBTS, TOKEN, UNTIL, DATA = 8, 9, 10, 11
local EVENT, SEQUENCE, ROWS = 1, 2, 3

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function load()
  local packed = redis.call('GET', KEYS[1])
  return packed and cmsgpack.unpack(packed)
end

local function save(entry)
  redis.call('SET', KEYS[1], cmsgpack.pack(entry), 'KEEPTTL')
end

-- Kept a day past the deadline, and at least a day: a late answer must still find it.
local function create(event, deadline, addresses)
  local rows = {}
  for i, address in ipairs(addresses) do
    rows[i] = { address, 'open', 0, '', 0, 0, '', 0, '', 0, 0 }
  end
  local entry = { event, 0, rows }
  local expiry = math.max(deadline, now()) + 86400000
  redis.call('SET', KEYS[1], cmsgpack.pack(entry), 'PXAT', string.format('%.0f', expiry))
  return entry
end

local function find(entry, address)
  for _, row in ipairs(entry[ROWS]) do
    if row[ADDRESS] == address then return row end
  end
end

local function find_or_add(entry, address)
  local row = find(entry, address)
  if not row then
    row = { address, 'open', 0, '', 0, 0, '', 0, '', 0, 0 }
    table.insert(entry[ROWS], row)
  end
  return row
end

local function unanswered(row)
  return row[STATE] == 'open' or row[STATE] == 'deferred'
end

local function let_go(row)
  row[TOKEN], row[UNTIL], row[DATA] = '', 0, 0
end

local function write(entry, row, answer)
  local attempts = math.max(row[ATTEMPTS], answer.attempts)
  local changed = row[STATE] ~= answer.state or row[ATTEMPTS] ~= attempts or row[RESPONSE] ~= answer.response
  row[STATE], row[ATTEMPTS], row[RESPONSE], row[SETTLED] = answer.state, attempts, answer.response, 0
  row[NOT_BEFORE], row[TOPIC] = answer.not_before, answer.topic
  let_go(row)
  if not changed then return end
  for _, other in ipairs(entry[ROWS]) do
    if other[STATE] == 'open' then return end
  end
  entry[SEQUENCE] = entry[SEQUENCE] + 1
end

local function show(entry)
  local shown = { entry[EVENT], entry[SEQUENCE] }
  for _, row in ipairs(entry[ROWS]) do
    for field = ADDRESS, TOPIC do table.insert(shown, row[field]) end
  end
  return shown
end
`;

/**
 * ARGV: token, lease ms, address or '' for all, attempts or -1, event JSON, deadline, the decision's addresses.
 * Answers { claims, table }: claims as address, kind, attempt or until, doubts for each asked for.
 */
export const CLAIM = `${PRELUDE}
local token, lease, address, attempts = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local entry = load() or create(ARGV[5], tonumber(ARGV[6]), { unpack(ARGV, 7) })
local is_retry = address ~= ''
local asked = is_retry and { find_or_add(entry, address) } or entry[ROWS]
local time = now()

local function claim(row)
  local known = attempts >= 0 and attempts or row[ATTEMPTS]
  local waiting = row[STATE] == 'open' or (row[STATE] == 'deferred' and is_retry)
  if not waiting or known < row[ATTEMPTS] then return 'done', 0 end
  local alive = row[TOKEN] ~= '' and time < row[UNTIL]
  if alive and row[TOKEN] ~= token then return 'busy', row[UNTIL] end
  if row[DATA] == 1 and not alive then row[DOUBTS] = row[DOUBTS] + 1 end
  -- A repeated claim must not undo that our own message has begun.
  if not (alive and row[DATA] == 1) then
    row[TOKEN], row[UNTIL], row[DATA] = token, time + lease, 0
  end
  row[ATTEMPTS] = known
  return 'mine', known + 1
end

local claims, claimed = {}, false
for _, row in ipairs(asked) do
  local kind, number = claim(row)
  claimed = claimed or kind == 'mine'
  for _, value in ipairs({ row[ADDRESS], kind, number, row[DOUBTS] }) do table.insert(claims, value) end
end
if claimed then save(entry) end
return { claims, show(entry) }
`;

/** ARGV: address, token, DATA time-out ms. Answers 1, or 0 when the claim is no longer the token's. */
export const DATA_STARTED = `${PRELUDE}
local entry = load()
local row = entry and find(entry, ARGV[1])
if not row or row[TOKEN] ~= ARGV[2] then return 0 end
row[UNTIL], row[DATA] = now() + tonumber(ARGV[3]), 1
save(entry)
return 1
`;

/** ARGV: address, token, 1 when it may have arrived. */
export const RELEASE = `${PRELUDE}
local entry = load()
local row = entry and find(entry, ARGV[1])
if not row or row[TOKEN] ~= ARGV[2] then return end
row[DOUBTS] = row[DOUBTS] + tonumber(ARGV[3])
let_go(row)
save(entry)
`;

/**
 * ARGV: address, token, state, attempts, response, notBefore or 0, retry topic or '', and for an event that the ledger
 * may have forgotten: event JSON, deadline, addresses. Answers the table, or nothing when the event has to be sent along.
 */
export const RECORD = `${PRELUDE}
local token = ARGV[2]
local answer = {
  state = ARGV[3], attempts = tonumber(ARGV[4]), response = ARGV[5], not_before = tonumber(ARGV[6]), topic = ARGV[7]
}
local entry = load()
if not entry then
  if not ARGV[8] then return false end
  entry = create(ARGV[8], tonumber(ARGV[9]), { unpack(ARGV, 10) })
end
local row = find_or_add(entry, ARGV[1])

-- Who may overwrite what: accepted always, nobody a final answer, and without the claim only what is newer.
local function may_write()
  if row[STATE] == 'accepted' then return false end
  if answer.state == 'accepted' then return true end
  if not unanswered(row) then return false end
  if row[TOKEN] == token then return true end
  if row[TOKEN] ~= '' and now() < row[UNTIL] then return false end
  if answer.state == 'deferred' then return answer.attempts > row[ATTEMPTS] end
  return answer.attempts >= row[ATTEMPTS]
end

if may_write() then
  write(entry, row, answer)
  save(entry)
end
return show(entry)
`;

/** ARGV: address, state, attempts of each row that was published. */
export const SETTLE = `${PRELUDE}
local entry = load()
if not entry then return end
for i = 1, #ARGV, 3 do
  local row = find(entry, ARGV[i])
  if row and row[STATE] ~= 'open' and row[STATE] == ARGV[i + 1] and row[ATTEMPTS] == tonumber(ARGV[i + 2]) then
    row[SETTLED] = 1
  end
end
save(entry)
`;

/** Answers the table after it, or nothing when the event is not known. */
export const SUPERSEDE = `${PRELUDE}
local entry = load()
if not entry then return false end
for _, row in ipairs(entry[ROWS]) do
  if unanswered(row) and row[DATA] == 0 then
    write(entry, row, { state = 'superseded', attempts = row[ATTEMPTS], response = '', not_before = 0, topic = '' })
  end
end
save(entry)
return show(entry)
`;

/** Answers the table, or nothing when the event is not known. */
export const FIND = `${PRELUDE}
local entry = load()
return entry and show(entry)
`;
