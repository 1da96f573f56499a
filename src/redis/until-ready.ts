import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisConnection } from './connection.ts'
import { StoreUnavailable } from './store-unavailable.ts'

const PATIENCE_MS = 10_000
const POLL_MS = 10
/** In a cluster that serves in part, the remaining nodes are waited for no longer than this. */
const REST_PATIENCE_MS = 1_500

/**
 * Waits until calls are accepted. Throws `Misaddressed` as soon as waiting is pointless, `StoreUnavailable`
 * after ten seconds.
 */
export async function untilReady(redis: RedisConnection): Promise<void> {
  const began = performance.now()
  for (;;) {
    const health = redis.health()
    const waited = performance.now() - began
    if (health.ok && (health.warning === undefined || waited > REST_PATIENCE_MS)) return
    if (!health.ok && health.misaddressed !== undefined) throw health.misaddressed
    if (!health.ok && waited > PATIENCE_MS) throw new StoreUnavailable(`redis: ${health.why}`)
    await sleep(POLL_MS)
  }
}
