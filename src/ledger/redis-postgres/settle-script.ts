import { DAY } from '../../base/durations.ts'
import { script } from '../../redis/script.ts'
import { FORGET } from './team-keys.ts'

/** How long a hold settled at its bound is remembered, in case the actual cost still arrives: a day. */
const REMEMBERED_MS = DAY

/**
 * How long the mark of a settlement is kept, in case the reply was lost and it is settled again: a minute. If
 * its team's balances were lost in between, it would be taken for a hold that was lost with them.
 */
export const REPEATED_MS = 60_000
export const SETTLED = 'settled'

/**
 * Ends a hold: releases what it held, books the cost and appends the whole row to the team's stream, in one
 * step.
 *
 * KEYS: state, leases, hold, late, rows, then one hash per account.
 * ARGV: mode, id, epoch in which the hold was taken, cost, row (JSON), most a sum may be, number of accounts,
 * the end of each account's window.
 *
 * Modes: `settle` at the cost; `expire` an overdue hold at what it held; `release` a hold that no caller was
 * told of, without a row; `record` a row that never held money. A `settle` that comes after `expire` books
 * the difference and corrects the row.
 *
 * Returns one string: `ok` with spent and held of each account, separated by spaces; `ended` if it had
 * already ended; `alive` for a hold that is not overdue; `lost` if the hold belongs to another epoch, or if
 * an empty epoch says that it cannot have ended yet; `cold` if the team's balances are not loaded.
 */
export const SETTLE = script(`${FORGET}
local mode, id = ARGV[1], ARGV[2]
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then return 'cold' end
local cost = tonumber(ARGV[4])
local held, change = 0, cost
local bound

if mode == 'record' then
  if cost > 0 and redis.call('EXISTS', KEYS[4]) == 1 then return 'ended' end
else
  local open = redis.call('HGET', KEYS[3], 'h')
  if open then
    held = tonumber(open)
    if mode == 'release' then change = 0 end
    if mode == 'expire' then
      local overdue = redis.call('ZSCORE', KEYS[2], id)
      if overdue and tonumber(overdue) >= now_ms then return 'alive' end
      cost, change = held, held
    end
  else
    bound = mode == 'settle' and redis.call('GET', KEYS[4])
    if bound == '${SETTLED}' then return 'ended' end
    if not bound then
      redis.call('ZREM', KEYS[2], id)
      return mode == 'settle' and ARGV[3] ~= epoch and 'lost' or 'ended'
    end
    change = cost - tonumber(bound)
  end
end

-- What can fail (a key of another type, no memory left) comes first, so that a failure leaves nothing half done.
if mode ~= 'record' then redis.call('ZSCORE', KEYS[2], id) end
local count = tonumber(ARGV[7])
local before = {}
for i = 1, count do before[i] = redis.call('HMGET', KEYS[5 + i], 's', 'h') end
if mode ~= 'release' then
  local booked, was = string.format('%.0f', cost), bound or string.format('%.0f', held)
  redis.call('XADD', KEYS[5], '*', 'row', ARGV[5], 'cost', booked, 'held', was, 'epoch', epoch)
end
if mode == 'expire' or (mode == 'record' and cost > 0) then
  redis.call('SET', KEYS[4], string.format('%.0f', cost), 'PX', ${REMEMBERED_MS})
elseif mode == 'settle' then
  redis.call('SET', KEYS[4], '${SETTLED}', 'PX', ${REPEATED_MS})
end
local told = {'ok'}
for i = 1, count do
  local s, h = unpack(before[i])
  local spent = string.format('%.0f', math.min(tonumber(ARGV[6]), tonumber(s or 0) + change))
  -- If Redis lost this account alone, the account holds nothing. A negative amount would count as free room.
  local left = string.format('%.0f', math.max(0, tonumber(h or 0) - held))
  told[#told + 1], told[#told + 2] = spent, left
  if change ~= 0 or held ~= 0 then redis.call('HSET', KEYS[5 + i], 's', spent, 'h', left) end
  if not s and not h then forget(KEYS[5 + i], ARGV[7 + i]) end
end
if mode ~= 'record' then
  redis.call('DEL', KEYS[3])
  redis.call('ZREM', KEYS[2], id)
end
return table.concat(told, ' ')
`)
