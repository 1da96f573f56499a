import { DAY } from '../../base/durations.ts'
import { script } from '../../redis/script.ts'
import { REPEATED_MS, SETTLED } from './settle-script.ts'
import { FORGET } from './team-keys.ts'

/**
 * Loads a team's balances into Redis, unless they are there. With a grace period, no hold is admitted before
 * it is over: replicas whose holds Redis has lost need the time to restore them. Holds that Redis still has
 * count from the start.
 *
 * KEYS: state, one hash per account, then holds that may be open. ARGV: epoch, grace (ms), number of
 * accounts, for each its sum and the end of its window, then for each hold the numbers of its accounts, as
 * `1,2`. Answers the epoch in force.
 */
export const LOAD = script(`${FORGET}
local known = redis.call('HGET', KEYS[1], 'epoch')
if known then return known end
local count = tonumber(ARGV[3])
local held = {}
for i = 1, count do held[i] = 0 end
for i = 1, #KEYS - 1 - count do
  local open = tonumber(redis.call('HGET', KEYS[1 + count + i], 'h') or 0)
  for index in string.gmatch(ARGV[3 + 2 * count + i], '%d+') do
    held[tonumber(index)] = held[tonumber(index)] + open
  end
end
for i = 1, count do
  local account, spent = KEYS[1 + i], ARGV[2 + 2 * i]
  redis.call('DEL', account)
  if spent ~= '0' or held[i] > 0 then
    redis.call('HSET', account, 's', spent, 'h', string.format('%.0f', held[i]))
    forget(account, ARGV[3 + 2 * i])
  end
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1])
if tonumber(ARGV[2]) > 0 then
  redis.call('HSET', KEYS[1], 'opens', string.format('%.0f', now_ms + tonumber(ARGV[2])))
end
return ARGV[1]
`)

/**
 * Renews the leases of a replica's open holds. KEYS: state, leases, then for each hold the key that remembers
 * it once it was settled as overdue. ARGV: lease (ms), then the holds' ids. Answers the epoch (empty: no
 * balances loaded), then the ids of holds that are neither open nor settled as overdue: Redis has lost them.
 */
export const RENEW = script(`
local lease = string.format('%.0f', now_ms + tonumber(ARGV[1]))
local told = {redis.call('HGET', KEYS[1], 'epoch') or ''}
for i = 2, #ARGV do
  if redis.call('ZSCORE', KEYS[2], ARGV[i]) then
    redis.call('ZADD', KEYS[2], lease, ARGV[i])
  elseif redis.call('EXISTS', KEYS[1 + i]) == 0 then
    told[#told + 1] = ARGV[i]
  end
end
return told
`)

/** The ids of some holds whose lease has expired. KEYS: leases. ARGV: how many at most. */
export const OVERDUE = script(`
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now_ms), 'LIMIT', 0, ARGV[1])
`)

/**
 * The standing of accounts. KEYS: state, then the accounts. Answers the epoch (empty: not loaded), then spent
 * and held of each.
 */
export const PEEK = script(`
local told = {redis.call('HGET', KEYS[1], 'epoch') or ''}
for i = 2, #KEYS do
  local s, h = unpack(redis.call('HMGET', KEYS[i], 's', 'h'))
  told[#told + 1], told[#told + 2] = s or '0', h or '0'
end
return told
`)

/**
 * How long it is remembered what a row was caught up at: until Postgres has certainly committed it, which
 * takes as long as Postgres is away. A day. Rows are caught up only if they were on their way when the
 * balances were summed, so these marks are few.
 */
const CAUGHT_MS = DAY

/**
 * Books a cost that reaches the ledger only after the balances were summed from it. Idempotent for each row,
 * cost and epoch: what the row has been caught up at counts, if it has been. Balances of another epoch than
 * the ledger's are dropped, so that they are summed again: the transaction that loaded them was not
 * committed, so their corrections would be taken for repetitions, and earlier rows for rows they contain.
 * KEYS: state, what the row was caught up at, then the accounts. ARGV: the epoch that lacks it, what the sums
 * count the row at, the cost, the most a sum may be, the end of each account's window.
 */
export const CATCH_UP = script(`${FORGET}
local known = redis.call('HGET', KEYS[1], 'epoch')
if known and known ~= ARGV[1] then redis.call('HDEL', KEYS[1], 'epoch') end
if known ~= ARGV[1] then return {'ended'} end
local epoch, counted = string.match(redis.call('GET', KEYS[2]) or '', '^(%S+) (%d+)$')
if epoch ~= ARGV[1] then counted = ARGV[2] end
local change = tonumber(ARGV[3]) - tonumber(counted)
local before = {}
for i = 3, #KEYS do before[i] = redis.call('HGET', KEYS[i], 's') end
redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. ARGV[3], 'PX', ${CAUGHT_MS})
for i = 3, #KEYS do
  local spent = math.max(0, math.min(tonumber(ARGV[4]), tonumber(before[i] or 0) + change))
  redis.call('HSET', KEYS[i], 's', string.format('%.0f', spent))
  if not before[i] then forget(KEYS[i], ARGV[i + 2]) end
end
return {'ok'}
`)

/**
 * Books what a request cost instead of its bound. Redis settled it at the bound because it had forgotten the
 * settlement, which the ledger has. Once only: a bound that was corrected since is not remembered as one any
 * more. KEYS: state, what remembers the bound, then the accounts. ARGV: the epoch in which the bound was
 * booked, the bound, the cost.
 */
export const TAKE_BACK = script(`
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] or redis.call('GET', KEYS[2]) ~= ARGV[2] then return {'ended'} end
local less = tonumber(ARGV[2]) - tonumber(ARGV[3])
local before = {}
for i = 3, #KEYS do before[i] = redis.call('HGET', KEYS[i], 's') end
redis.call('SET', KEYS[2], '${SETTLED}', 'PX', ${REPEATED_MS})
for i = 3, #KEYS do
  if before[i] then
    redis.call('HSET', KEYS[i], 's', string.format('%.0f', math.max(0, tonumber(before[i]) - less)))
  end
end
return {'ok'}
`)
