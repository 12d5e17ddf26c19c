/**
 * The ledger's rules in Lua; `createInMemoryLedger` of libs/delivery says the same in TypeScript, and one test compares
 * them. An event is one string: msgpack of { its JSON, sequence, rows, superseded }, a row being
 * { address, state, attempts, response, settled, notBefore, retryTopic, deadLetter, doubts, token, until, data, reopenedBy }.
 * Each script is atomic, uses Redis's clock, touches one key, and can run twice: the token finds its own claim.
 */
const ENTRY = `
local ADDRESS, STATE, ATTEMPTS, RESPONSE, SETTLED, NOT_BEFORE, TOPIC, DEAD = 1, 2, 3, 4, 5, 6, 7, 8
local DOUBTS, TOKEN, UNTIL, DATA, REOPENED = 9, 10, 11, 12, 13
local EVENT, SEQUENCE, ROWS, SUPERSEDED = 1, 2, 3, 4
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local packed = redis.call('GET', KEYS[1])
local entry = packed and cmsgpack.unpack(packed)

local function save()
  redis.call('SET', KEYS[1], cmsgpack.pack(entry), 'KEEPTTL')
end

local function find(address)
  for _, row in ipairs(entry[ROWS]) do
    if row[ADDRESS] == address then return row end
  end
end
`;

const CREATE = `
local function open(address)
  return { address, 'open', 0, '', 0, 0, '', 0, 0, '', 0, 0, '' }
end

local function create(event, addresses)
  local rows = {}
  for i, address in ipairs(addresses) do rows[i] = open(address) end
  entry = { event, 0, rows, 0 }
end

-- Kept a day past the deadline, and at least a day: a late answer must still find it.
local function save_new(deadline)
  local expiry = math.max(tonumber(deadline), now) + 86400000
  redis.call('SET', KEYS[1], cmsgpack.pack(entry), 'PXAT', string.format('%.0f', expiry))
end

local function find_or_add(address)
  local row = find(address)
  if not row then
    row = open(address)
    table.insert(entry[ROWS], row)
  end
  return row
end
`;

const WRITE = `
local function unanswered(row)
  return row[STATE] == 'open' or row[STATE] == 'deferred'
end

local function write(row, answer)
  local attempts = math.max(row[ATTEMPTS], answer.attempts)
  local changed = row[STATE] ~= answer.state or row[ATTEMPTS] ~= attempts or row[RESPONSE] ~= answer.response
  row[STATE], row[ATTEMPTS], row[RESPONSE], row[SETTLED] = answer.state, attempts, answer.response, 0
  row[NOT_BEFORE], row[TOPIC], row[DEAD] = answer.not_before, answer.topic, answer.dead
  row[TOKEN], row[UNTIL], row[DATA] = '', 0, 0
  if not changed then return end
  for _, other in ipairs(entry[ROWS]) do
    if other[STATE] == 'open' then return end
  end
  entry[SEQUENCE] = entry[SEQUENCE] + 1
end
`;

const SHOW = `
local function show()
  local shown = { entry[EVENT], entry[SEQUENCE] }
  for _, row in ipairs(entry[ROWS]) do
    for field = ADDRESS, DEAD do shown[#shown + 1] = row[field] end
  end
  return shown
end
`;

/**
 * ARGV: token, lease ms, address or '' for all, attempts or -1, event JSON, deadline, the decision's addresses.
 * Answers { claims, table }: claims as address, kind, attempt or until, doubts for each asked for; only 1 for the
 * commonest case, a first delivery of a new event, of which the asker knows all.
 */
export const CLAIM = `${ENTRY}${CREATE}${SHOW}
local token, lease, address, attempts = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local is_new = not entry
if is_new then create(ARGV[5], { unpack(ARGV, 7) }) end
local is_retry = address ~= ''
local asked = is_retry and { find_or_add(address) } or entry[ROWS]

local function claim(row)
  local known = attempts >= 0 and attempts or row[ATTEMPTS]
  local waiting = row[STATE] == 'open' or (row[STATE] == 'deferred' and is_retry)
  if not waiting or known < row[ATTEMPTS] then return 'done', 0 end
  local alive = row[TOKEN] ~= '' and now < row[UNTIL]
  if alive and row[TOKEN] ~= token then return 'busy', row[UNTIL] end
  if row[DATA] == 1 and not alive then row[DOUBTS] = row[DOUBTS] + 1 end
  -- A repeated claim must not undo that our own message has begun.
  if not (alive and row[DATA] == 1) then
    row[TOKEN], row[UNTIL], row[DATA] = token, now + lease, 0
  end
  row[ATTEMPTS] = known
  return 'mine', known + 1
end

local claims, claimed = {}, false
for _, row in ipairs(asked) do
  local kind, number = claim(row)
  claimed = claimed or kind == 'mine'
  for _, value in ipairs({ row[ADDRESS], kind, number, row[DOUBTS] }) do claims[#claims + 1] = value end
end
if is_new then
  save_new(ARGV[6])
  if not is_retry then return 1 end
elseif claimed then
  save()
end
return { claims, show() }
`;

/** ARGV: address, token, DATA time-out ms. Answers 1, or 0 when the claim is no longer the token's. */
export const DATA_STARTED = `${ENTRY}
local row = entry and find(ARGV[1])
if not row or row[TOKEN] ~= ARGV[2] then return 0 end
row[UNTIL], row[DATA] = now + tonumber(ARGV[3]), 1
save()
return 1
`;

/** ARGV: address, token, 1 when it may have arrived. */
export const RELEASE = `${ENTRY}
local row = entry and find(ARGV[1])
if not row or row[TOKEN] ~= ARGV[2] then return end
row[DOUBTS] = row[DOUBTS] + tonumber(ARGV[3])
row[TOKEN], row[UNTIL], row[DATA] = '', 0, 0
save()
`;

/**
 * ARGV: address, token, state, attempts, response, notBefore or 0, retry topic or '', 1 for a dead letter, and for an
 * event that the ledger may have forgotten: event JSON, deadline, addresses. Answers the table, or nothing when the
 * event has to be sent along.
 */
export const RECORD = `${ENTRY}${CREATE}${WRITE}${SHOW}
local token = ARGV[2]
local answer = {
  state = ARGV[3], attempts = tonumber(ARGV[4]), response = ARGV[5], not_before = tonumber(ARGV[6]), topic = ARGV[7],
  dead = tonumber(ARGV[8])
}
if not entry then
  if not ARGV[9] then return false end
  create(ARGV[9], { unpack(ARGV, 11) })
  save_new(ARGV[10])
end
local row = find_or_add(ARGV[1])

-- Who may overwrite what: accepted always, nobody a final answer, and without the claim only what is newer.
local function may_write()
  if row[STATE] == 'accepted' then return false end
  if answer.state == 'accepted' then return true end
  if not unanswered(row) then return false end
  if row[TOKEN] == token then return true end
  if row[TOKEN] ~= '' and now < row[UNTIL] then return false end
  if answer.state == 'deferred' then return answer.attempts > row[ATTEMPTS] end
  return answer.attempts >= row[ATTEMPTS]
end

if may_write() then
  write(row, answer)
  save()
end
return show()
`;

/** ARGV: address, state, attempts of each row that was published. */
export const SETTLE = `${ENTRY}
if not entry then return end
for i = 1, #ARGV, 3 do
  local row = find(ARGV[i])
  if row and row[STATE] ~= 'open' and row[STATE] == ARGV[i + 1] and row[ATTEMPTS] == tonumber(ARGV[i + 2]) then
    row[SETTLED] = 1
  end
end
save()
`;

/** Answers the table after it, or nothing when the event is not known. */
export const SUPERSEDE = `${ENTRY}${WRITE}${SHOW}
if not entry then return false end
entry[SUPERSEDED] = 1
for _, row in ipairs(entry[ROWS]) do
  if unanswered(row) and row[DATA] == 0 then
    write(row, { state = 'superseded', attempts = row[ATTEMPTS], response = '', not_before = 0, topic = '', dead = 0 })
  end
end
save()
return show()
`;

/** ARGV: the dead letter's id. Opens what it left behind, and what waits. */
export const REOPEN = `${ENTRY}
if not entry or entry[SUPERSEDED] == 1 then return end
for _, row in ipairs(entry[ROWS]) do
  local dead = row[STATE] == 'in-doubt' or (row[DEAD] == 1 and row[STATE] ~= 'accepted')
  local alive = row[TOKEN] ~= '' and now < row[UNTIL]
  if (dead or row[STATE] == 'deferred') and not alive and row[REOPENED] ~= ARGV[1] then
    row[STATE], row[SETTLED], row[NOT_BEFORE], row[TOPIC], row[DEAD] = 'open', 0, 0, '', 0
    row[REOPENED] = ARGV[1]
    if dead then row[DOUBTS], row[TOKEN], row[UNTIL], row[DATA] = 0, '', 0, 0 end
  end
end
save()
`;

/** Answers the table, or nothing when the event is not known. */
export const FIND = `${ENTRY}${SHOW}
return entry and show()
`;
