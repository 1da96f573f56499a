import { hash } from 'node:crypto'

/** A Lua script as Redis knows it. */
export interface Script {
  readonly source: string
  readonly sha: string
}

/** A script's reply if it arrived too late to be run. */
export const TOO_LATE = 'TOOLATE'

/**
 * Precedes every script: defines `now_ms`, Redis' own time in milliseconds, and skips calls that the caller
 * has given up on. A Redis that was frozen for a minute finds a minute of calls in its socket, all decided
 * without it long ago. The last argument is the time until which the caller waits.
 */
const PREAMBLE = `
local time = redis.call('TIME')
local now_ms = time[1] * 1000 + time[2] / 1000
if now_ms > tonumber(table.remove(ARGV)) then
  return redis.error_reply('${TOO_LATE} nobody waits for this call any more')
end
`

/** Compiles `body`, which can use `now_ms`, `KEYS` and its own `ARGV`. */
export function script(body: string): Script {
  const source = PREAMBLE + body
  return { source, sha: hash('sha1', source, 'hex') }
}
