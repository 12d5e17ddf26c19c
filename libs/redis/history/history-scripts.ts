/*
 * One script for both kinds of keys, so that calls of both travel together. A head is read as pack-outcome.ts writes it:
 * the event in bytes 1 to 8, its sequence in 9 to 12, when it was kept in 13 to 16.
 */
export const HISTORY = `
local calls = {}

local function u32(entry, at)
  local a, b, c, d = string.byte(entry, at, at + 3)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local function drop_old(oldest)
  local tail, dropped = redis.call('LINDEX', key, -1), 0
  while tail and u32(tail, 13) < oldest do
    redis.call('RPOP', key)
    tail, dropped = redis.call('LINDEX', key, -1), dropped + 1
  end
  return dropped
end

-- Of one bucket of event ids. ARGV: field, number, kept s, how many bytes of numbers an id may have. Returns 1 when it
-- knew that the number has the event. For a source that uses one id for all its events, the oldest numbers are dropped.
function calls.index(first)
  local field, number = ARGV[first], ARGV[first + 1]
  local known = redis.call('HGET', key, field)
  local answer = 0
  if known and string.find(',' .. known .. ',', ',' .. number .. ',', 1, true) then
    answer = 1
  else
    local numbers = known and known .. ',' .. number or number
    local most = tonumber(ARGV[first + 3])
    while #numbers > most and string.find(numbers, ',', 1, true) do numbers = string.match(numbers, ',(.*)') end
    redis.call('HSET', key, field, numbers)
  end
  redis.call('EXPIRE', key, ARGV[first + 2])
  return answer
end

-- Of the outcomes of one number, the last kept first. ARGV: entry, kept s, how many, oldest (epoch s), 1 when the event
-- may be there already. Of one event the highest sequence counts.
function calls.keep(first)
  local entry, kept, many, oldest = ARGV[first], ARGV[first + 1], tonumber(ARGV[first + 2]), tonumber(ARGV[first + 3])
  if ARGV[first + 4] == '1' then
    local event = string.sub(entry, 1, 8)
    for index, other in ipairs(redis.call('LRANGE', key, 0, -1)) do
      if string.sub(other, 1, 8) == event then
        if u32(other, 9) < u32(entry, 9) then redis.call('LSET', key, index - 1, entry) end
        return 0
      end
    end
  end
  redis.call('LPUSH', key, entry)
  redis.call('LTRIM', key, 0, many - 1)
  drop_old(oldest)
  redis.call('EXPIRE', key, kept)
  return 1
end

-- ARGV: oldest (epoch s). Returns how many it removed.
function calls.forget(first)
  return drop_old(tonumber(ARGV[first]))
end
`;
