import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'undici'
import { bodyFor, type End } from './ends.ts'
import { KEY } from './program.ts'

const HEADERS = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }

/** Performs one request; 0 if the client disconnected or the response was cut off. */
export async function ask(pool: Pool, number: number, end: End): Promise<number> {
  const leaving = new AbortController()
  const timer =
    end.leaveAfterMs === undefined ? undefined : setTimeout(() => leaving.abort(), end.leaveAfterMs)
  try {
    const { statusCode, body } = await pool.request({
      path: '/v1/chat/completions',
      method: 'POST',
      headers: HEADERS,
      body: bodyFor(end, number),
      signal: leaving.signal,
    })
    if (end.readEveryMs === undefined) await body.dump({ limit: Number.MAX_SAFE_INTEGER })
    else for await (const _ of body) await sleep(end.readEveryMs)
    return statusCode
  } catch {
    // This is what was asked for.
    return 0
  } finally {
    clearTimeout(timer)
  }
}
