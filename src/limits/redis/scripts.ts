import { type Script, script } from '../../redis/script.ts'
import { WINDOW_LUA } from './window-lua.ts'

/** One script per step of a request. All keys of a call have the same hash tag. */
export interface LimiterScripts {
  /**
   * KEYS, for each subject: requests, tokens, slots. ARGV: slot, lease (ms), then for each subject its limits
   * of requests, tokens and slots, empty if there is none. Returns `{1, bucket, …}` and for each subject the
   * remaining requests and tokens, each with its reset time, -1 if there is no limit; or `{0, …}` and for
   * each full limit its kind, the subject's index and the milliseconds until there is room.
   */
  readonly admit: Script
  /**
   * KEYS: tokens of each limited subject. ARGV: at most, at least, what was taken before and in which bucket,
   * then the limits. Returns `{1, taken, bucket, …}` and for each subject what remains and its reset time; or
   * as `admit`.
   */
  readonly take: Script
  /**
   * KEYS: tokens, then slots, then requests to be uncounted. ARGV: slot, number of token KEYS, number of slot
   * KEYS, the tokens' bucket and their change, the request's bucket.
   */
  readonly end: Script
  /** Renews leases, or restores lost ones. KEYS: slots. ARGV: lease (ms), then slots. */
  readonly renew: Script
  /** A replica's heartbeat. KEYS: replicas. ARGV: time to live (ms), its name. Returns how many are alive. */
  readonly beat: Script
}

/** `now` is a Lua expression for the time in milliseconds; Redis' own clock except in tests. */
export function limiterScripts(now = 'now_ms'): LimiterScripts {
  const timed = (body: string) => script(`local now = ${now}\n${body}`)
  return {
    admit: timed(WINDOW_LUA + ADMIT),
    take: timed(WINDOW_LUA + TAKE),
    end: timed(WINDOW_LUA + END),
    renew: timed(RENEW),
    beat: timed(BEAT),
  }
}

const ADMIT = `
local id, lease = ARGV[1], tonumber(ARGV[2])
local full, subjects = {0}, {}
local function refuse(kind, index, wait)
  full[#full + 1], full[#full + 2], full[#full + 3] = kind, index, wait
end
for index = 0, #KEYS / 3 - 1 do
  local subject = {
    most_requests = tonumber(ARGV[3 * index + 3]),
    most_tokens = tonumber(ARGV[3 * index + 4]),
    most_slots = tonumber(ARGV[3 * index + 5]),
    slots = KEYS[3 * index + 3],
  }
  subjects[#subjects + 1] = subject
  if subject.most_slots then
    redis.call('ZREMRANGEBYSCORE', subject.slots, '-inf', now)
    if redis.call('ZCARD', subject.slots) >= subject.most_slots then refuse('concurrent', index, 0) end
  end
  if subject.most_requests then
    local window = open(KEYS[3 * index + 1])
    subject.requests = window
    if window.sum + 1 > subject.most_requests then
      refuse('requests', index, until_at_most(window, subject.most_requests - 1))
    end
  end
  if subject.most_tokens then subject.tokens = open(KEYS[3 * index + 2]) end
end
if #full > 1 then return full end

local reply = {1, 0}
local function report(window, most)
  reply[#reply + 1] = window and math.max(0, most - window.sum) or -1
  reply[#reply + 1] = window and until_empty(window) or -1
end
for _, subject in ipairs(subjects) do
  if subject.most_slots then
    redis.call('ZADD', subject.slots, now + lease, id)
    redis.call('PEXPIRE', subject.slots, lease)
  end
  if subject.requests then add(subject.requests, 1) end
  reply[2] = (subject.requests or subject.tokens or { running = reply[2] }).running
  report(subject.requests, subject.most_requests)
  report(subject.tokens, subject.most_tokens)
end
return reply
`

const TAKE = `
local most, least, before, bucket = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local full, windows, freed = {0}, {}, {}
-- What can fail (a key of another type) comes first, so that a failure leaves nothing half done.
for index = 1, #KEYS do windows[index] = open(KEYS[index]) end
for index, window in ipairs(windows) do
  local limit = tonumber(ARGV[4 + index])
  freed[index] = before > 0 and change(window, bucket, -before) or 0
  local left = limit - window.sum
  if least > 0 and least > left then
    full[#full + 1], full[#full + 2], full[#full + 3] = 'tokens', index - 1, until_at_most(window, limit - least)
  end
  most = math.min(most, math.max(0, left))
end
if #full > 1 then
  for index, window in ipairs(windows) do change(window, bucket, -freed[index]) end
  return full
end
local reply = {1, most, 0}
for index, window in ipairs(windows) do
  add(window, most)
  reply[3] = window.running
  reply[#reply + 1] = math.max(0, tonumber(ARGV[4 + index]) - window.sum)
  reply[#reply + 1] = until_empty(window)
end
return reply
`

const END = `
local id, tokens, slots = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
for index, key in ipairs(KEYS) do
  if index <= tokens then
    change(open(key), tonumber(ARGV[4]), tonumber(ARGV[5]))
  elseif index <= tokens + slots then
    redis.call('ZREM', key, id)
  else
    change(open(key), tonumber(ARGV[6]), -1)
  end
end
return 1
`

const RENEW = `
local lease = tonumber(ARGV[1])
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], now + lease, ARGV[index]) end
redis.call('PEXPIRE', KEYS[1], lease)
return 1
`

const BEAT = `
local believed = tonumber(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - believed)
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('PEXPIRE', KEYS[1], believed)
return redis.call('ZCARD', KEYS[1])
`
