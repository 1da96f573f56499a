import { script } from '../../redis/script.ts'
import { FORGET } from './team-keys.ts'

/**
 * Takes money from every budget of a request at once and opens its hold, or changes nothing. Lua numbers are
 * doubles, like ours: sums stay within 2^53 and are formatted with `%.0f`, never as 1e+15.
 *
 * KEYS: state, leases, hold, then one hash per account. ARGV: mode, id, lease (ms), most, least, most without
 * a budget, row (JSON), number of accounts, the end of each account's window, then for each budget the number
 * of its account and its limit.
 *
 * Modes: `hold`; `extend` an open hold; `adopt` one that Redis has lost, even beyond the limits. `hold` and
 * `adopt` are idempotent for an open hold. As long as holds are being restored nothing else is given out:
 * what seems free may be theirs. The reply is one space-separated string: parsing two dozen separate elements
 * would take longer than deciding.
 */
export const HOLD = script(`${FORGET}
local mode, id = ARGV[1], ARGV[2]
local epoch, opens = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'opens'))
if not epoch then return 'cold' end
if mode ~= 'adopt' and opens and now_ms < tonumber(opens) then return 'recovering' end

local count = tonumber(ARGV[8])
local spent, held, fresh = {}, {}, {}
local function answer(word, amount)
  local told = {word, amount, epoch}
  for i = 1, count do
    told[#told + 1] = string.format('%.0f', spent[i])
    told[#told + 1] = string.format('%.0f', held[i])
  end
  return table.concat(told, ' ')
end
for i = 1, count do
  local s, h = unpack(redis.call('HMGET', KEYS[3 + i], 's', 'h'))
  fresh[i] = not s and not h
  spent[i], held[i] = tonumber(s or 0), tonumber(h or 0)
end

local open = redis.call('HGET', KEYS[3], 'h')
if mode == 'extend' and not open then return 'gone' end
if mode ~= 'extend' and open then
  -- Renewed even so: the lease may be the one thing that Redis has lost.
  redis.call('ZADD', KEYS[2], string.format('%.0f', now_ms + tonumber(ARGV[3])), id)
  return answer('ok', open)
end

local room, least = tonumber(ARGV[4]), tonumber(ARGV[5])
local first, full = 9 + count, nil
if mode ~= 'adopt' then
  if first > #ARGV then room = math.min(room, tonumber(ARGV[6])) end
  for i = first, #ARGV, 2 do
    local account, limit = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
    local left = limit - spent[account] - held[account]
    if left < least and least > 0 then
      local index = tostring((i - first) / 2)
      if limit - spent[account] < least then return answer('exhausted', index) end
      full = full or index
    end
    room = math.min(room, math.max(0, left))
  end
end
if full then return answer('held', full) end

-- What can fail (a key of another type) comes first, so that a failure leaves nothing half done.
redis.call('ZADD', KEYS[2], string.format('%.0f', now_ms + tonumber(ARGV[3])), id)
local amount = string.format('%.0f', room)
for i = 1, count do
  held[i] = held[i] + room
  redis.call('HINCRBY', KEYS[3 + i], 'h', amount)
  if fresh[i] then forget(KEYS[3 + i], ARGV[8 + i]) end
end
if mode == 'extend' then
  redis.call('HINCRBY', KEYS[3], 'h', amount)
else
  redis.call('HSET', KEYS[3], 'h', amount, 'row', ARGV[7])
end
return answer('ok', amount)
`)
