/**
 * Shared by the ledger's calls: reads an event's entry from `key`, changes it and writes it back. An entry is one
 * string, the msgpack of { event JSON, sequence, rows, superseded }, and a row is
 * { address, state, attempts, response, settled, notBefore, retryTopic, deadLetter, doubts, token, until, data, reopenedBy }.
 * `until` is when the claim of `token` expires, or, without a token, when the row was answered. `data` is 0 before the
 * message begins, 1 from then on, and 2 once the claim was found lapsed. An entry without JSON counts as unknown until its
 * first claim brings that. An event superseded before (R4) has no rows: all that it gets are superseded. One whose outcome
 * was read back from Kafka (`createLedgerRebuilder`) has the rows that were told, and gets no others.
 */
export const LEDGER_ENTRY = `
local ADDRESS, STATE, ATTEMPTS, RESPONSE, SETTLED, NOT_BEFORE, TOPIC, DEAD = 1, 2, 3, 4, 5, 6, 7, 8
local DOUBTS, TOKEN, UNTIL, DATA, REOPENED = 9, 10, 11, 12, 13
local EVENT, SEQUENCE, ROWS, SUPERSEDED = 1, 2, 3, 4
local NO_EVENT = ''
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local entry

local function load()
  local packed = redis.call('GET', key)
  entry = packed and cmsgpack.unpack(packed)
  return entry and entry[EVENT] ~= NO_EVENT
end

local function save()
  redis.call('SET', key, cmsgpack.pack(entry), 'KEEPTTL')
end

local function find(address)
  for _, row in ipairs(entry[ROWS]) do
    if row[ADDRESS] == address then return row end
  end
end

local function open(address)
  return { address, 'open', 0, '', 0, 0, '', 0, 0, '', 0, 0, '' }
end

-- Kept a day past the deadline, and at least a day: a late answer must still find it. A deadline further off than a
-- brand's longest (168 hours) and a day of clocks apart comes from a clock that is wrong, and is kept no longer.
local function save_new(deadline)
  local day = 86400000
  local expiry = math.min(math.max(tonumber(deadline), now), now + 8 * day) + day
  redis.call('SET', key, cmsgpack.pack(entry), 'PXAT', string.format('%.0f', expiry))
end

local function find_or_add(address)
  local row = find(address)
  if not row then
    row = open(address)
    table.insert(entry[ROWS], row)
    return row, true
  end
  return row, false
end

local function unanswered(row)
  return row[STATE] == 'open' or row[STATE] == 'deferred'
end

local function write(row, answer)
  local attempts = math.max(row[ATTEMPTS], answer.attempts)
  local changed = row[STATE] ~= answer.state or row[ATTEMPTS] ~= attempts or row[RESPONSE] ~= answer.response
  row[STATE], row[ATTEMPTS], row[RESPONSE], row[SETTLED] = answer.state, attempts, answer.response, 0
  row[NOT_BEFORE], row[TOPIC], row[DEAD] = answer.not_before, answer.topic, answer.dead
  row[TOKEN], row[UNTIL], row[DATA] = '', now, 0
  if not changed then return end
  for _, other in ipairs(entry[ROWS]) do
    if other[STATE] == 'open' then return end
  end
  entry[SEQUENCE] = entry[SEQUENCE] + 1
end

local function end_superseded(row, response)
  write(row, { state = 'superseded', attempts = row[ATTEMPTS], response = response, not_before = 0, topic = '', dead = 0 })
end

local function end_all_superseded()
  for _, row in ipairs(entry[ROWS]) do
    local under_way = row[DATA] > 0 and now < row[UNTIL]
    if unanswered(row) and not under_way then end_superseded(row, '') end
  end
end

local function create(event, first, last)
  entry = entry or { NO_EVENT, 0, {}, 0 }
  entry[EVENT] = event
  if #entry[ROWS] == 0 then
    for i = first, last do table.insert(entry[ROWS], open(ARGV[i])) end
  end
  if entry[SUPERSEDED] == 1 then end_all_superseded() end
end

local function show()
  local shown = { entry[EVENT], entry[SEQUENCE] }
  for _, row in ipairs(entry[ROWS]) do
    for field = ADDRESS, DEAD do shown[#shown + 1] = row[field] end
  end
  return shown
end
`;
