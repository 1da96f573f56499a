import { BUCKET_MS, BUCKETS } from '../memory/sliding-window.ts'

/** How long a window's key outlives its last change. */
const KEPT_MS = (BUCKETS + 1) * BUCKET_MS

/**
 * The sliding window of `memory/sliding-window.ts` in Lua, as one 4.8 kB string per window: the index of the
 * current bucket, the sum and the newest bucket in use, then a ring of counts, all doubles. Scripts that
 * include it must define `now`, milliseconds of Redis' clock.
 *
 * If that clock is set back by less than a window, the current bucket stays where it was, so that no window
 * admits too much; if by more, counting restarts.
 */
export const WINDOW_LUA = `
local HEAD, CELL = 24, 8

local function cell_at(bucket) return HEAD + bucket * CELL end

local function sum_of(text)
  local sum = 0
  for at = 1, #text, CELL do sum = sum + struct.unpack('<d', text, at) end
  return sum
end

local function forget(key, from, last)
  local text = redis.call('GETRANGE', key, cell_at(from), cell_at(last + 1) - 1)
  local sum = sum_of(text)
  if sum ~= 0 then redis.call('SETRANGE', key, cell_at(from), string.rep('\\0', #text)) end
  return sum
end

local function save(window)
  local head = struct.pack('<ddd', window.running, window.sum, window.newest)
  redis.call('SETRANGE', window.key, 0, head)
  redis.call('PEXPIRE', window.key, ${KEPT_MS})
end

local function open(key)
  local running = math.floor(now / ${BUCKET_MS})
  local window = { key = key, running = running, sum = 0, newest = running }
  local head = redis.call('GETRANGE', key, 0, HEAD - 1)
  if #head < HEAD then return window end
  local before, sum, newest = struct.unpack('<ddd', head)
  if math.abs(running - before) >= ${BUCKETS} then
    redis.call('DEL', key)
    return window
  end
  window.sum, window.newest = sum, newest
  if running <= before then
    window.running = before
    return window
  end
  local from, last = (before + 1) % ${BUCKETS}, running % ${BUCKETS}
  local past = 0
  if from <= last then
    past = forget(key, from, last)
  else
    past = forget(key, from, ${BUCKETS} - 1) + forget(key, 0, last)
  end
  window.sum = sum - past
  if past ~= 0 then save(window) end
  return window
end

-- Changes what was counted in a bucket, but not below nothing, and answers by how much. What is past is left alone.
local function change(window, bucket, by)
  if bucket <= window.running - ${BUCKETS} or bucket > window.running then return 0 end
  local at = cell_at(bucket % ${BUCKETS})
  local text = redis.call('GETRANGE', window.key, at, at + CELL - 1)
  local count = #text == CELL and struct.unpack('<d', text) or 0
  by = math.max(by, -count)
  if by == 0 then return 0 end
  redis.call('SETRANGE', window.key, at, struct.pack('<d', count + by))
  window.sum = window.sum + by
  if by > 0 and bucket > window.newest then window.newest = bucket end
  save(window)
  return by
end

local function add(window, amount) return change(window, window.running, amount) end

local function leaves_in(bucket) return math.ceil((bucket + ${BUCKETS}) * ${BUCKET_MS} - now) end

local function until_empty(window)
  return window.sum == 0 and 0 or leaves_in(window.newest)
end

-- Milliseconds until the sum, if nothing is added, is at most \`most\`.
local function until_at_most(window, most)
  local left, bucket = window.sum, window.running - ${BUCKETS} + 1
  local cells = redis.call('GETRANGE', window.key, HEAD, -1)
  local before = window.sum
  while left > most and bucket <= window.running do
    local at = (bucket % ${BUCKETS}) * CELL + 1
    if at + CELL - 1 <= #cells then left = left - struct.unpack('<d', cells, at) end
    bucket = bucket + 1
  end
  return left < before and leaves_in(bucket - 1) or 0
end
`
