import { Pool } from 'undici'
import type { Clock } from '../base/clock.ts'
import { addressOf } from './address.ts'
import { Deadlines } from './deadline.ts'
import { HttpAttempt } from './http-attempt.ts'
import type { UpstreamSettings } from './settings.ts'
import type { Upstream } from './upstream.ts'
import { flat } from './wire-headers.ts'

/** An upstream over HTTP/1.1 with a pool of keep-alive connections. */
export function createHttpUpstream(settings: UpstreamSettings, clock: Clock): Upstream {
  const base = new URL(settings.baseUrl)
  const prefix = base.pathname.replace(/\/$/, '')
  const deadlines = new Deadlines(settings.timeouts, clock)
  const pool = new Pool(base.origin, {
    allowH2: false,
    connect: { timeout: settings.timeouts.connect },
    // Enforced by `Deadlines`: time a reader is paused must not count, and one timer serves all calls.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
  })
  return {
    name: settings.name,
    start(call) {
      const { path, auth } = addressOf(settings, prefix, call)
      const attempt = new HttpAttempt(settings, deadlines, clock, call.model)
      deadlines.watch(attempt)
      const headers = flat(call.headers, auth)
      pool.dispatch({ path, method: call.method, headers, body: attempt.outgoing(call.body) }, attempt)
      return attempt
    },
    async close() {
      await pool.close()
      deadlines.close()
    },
    async destroy() {
      await pool.destroy()
      deadlines.close()
    },
  }
}
