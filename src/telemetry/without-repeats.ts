import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'

/** How long the same is not said again, in milliseconds. */
const PAUSE_MS = 1_000

/** More messages than this are not told apart: each holds a reason, and reasons may name anything. */
const MOST = 100

/** How often something was left unsaid since it was said last. */
interface Said {
  readonly at: number
  omitted: number
}

/**
 * A log in which the same message with the same facts stands at most once a second, with the number of repeats
 * left out before it: an outage would otherwise be told once for every request. Lines that name a request, and
 * what went well, are never left out.
 */
export function withoutRepeats(log: Log, clock: Pick<Clock, 'elapsed'>): Log {
  const said = new Map<string, Said>()

  function sayOnce(facts: object, message: string, say: (facts: object) => void): void {
    if ('request' in facts) {
      say(facts)
      return
    }
    const what = message + JSON.stringify(facts, withReasons)
    const before = said.get(what)
    const at = clock.elapsed()
    if (before !== undefined && at - before.at < PAUSE_MS) {
      before.omitted += 1
      return
    }
    if (said.size >= MOST) said.clear()
    said.set(what, { at, omitted: 0 })
    const omitted = before?.omitted ?? 0
    say(omitted === 0 ? facts : { ...facts, repeats_omitted: omitted })
  }

  return {
    info: (facts, message) => log.info(facts, message),
    warn: (facts, message) => sayOnce(facts, message, (all) => log.warn(all, message)),
    error: (facts, message) => sayOnce(facts, message, (all) => log.error(all, message)),
  }
}

function withReasons(_: string, fact: unknown): unknown {
  return fact instanceof Error ? fact.message : fact
}
