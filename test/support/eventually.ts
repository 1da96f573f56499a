import { setTimeout } from 'node:timers/promises'

/** Far longer than anything in these tests takes on a busy machine; only a broken program reaches it. */
const PATIENCE_MS = 30_000

/** Polls until `look` returns a value; throws if it does not do so in time. */
export async function eventually<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (performance.now() > deadline) throw new Error(`not seen within ${PATIENCE_MS} ms: ${look}`)
    await setTimeout(5)
  }
}
