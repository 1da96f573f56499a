import { LRUCache } from 'lru-cache'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'

/** How long the same is not said again, in milliseconds. */
const PAUSE_MS = 1_000

/** So many messages are told apart, the newest: each holds a reason, and reasons may name anything. */
const MOST = 100

/** What was said, when, and how often it was left unsaid since. */
interface Said {
  readonly at: number
  omitted: number
  readonly say: (omitted: number) => void
}

/**
 * A log in which the same message with the same facts stands at most once a second, with the number of repeats
 * left out before it: an outage would otherwise be told once for every request. The last repeats are told within
 * two seconds. Lines that name a request, and what went well, are never left out.
 */
export function withoutRepeats(log: Log, clock: Pick<Clock, 'elapsed'>): Log {
  const said = new LRUCache<string, Said>({ max: MOST, dispose: tellOmitted, noDisposeOnSet: true })
  let isSweeping = false

  /** Tells what was left out, once nothing like it has been said for a while. */
  function sweepSoon(): void {
    if (isSweeping) return
    isSweeping = true
    setTimeout(() => {
      isSweeping = false
      const over = clock.elapsed() - PAUSE_MS
      for (const [what, { at }] of said) if (at <= over) said.delete(what)
      if ([...said.values()].some(({ omitted }) => omitted > 0)) sweepSoon()
    }, PAUSE_MS).unref()
  }

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
      sweepSoon()
      return
    }
    const tell = (omitted: number) => say(omitted === 0 ? facts : { ...facts, repeats_omitted: omitted })
    said.set(what, { at, omitted: 0, say: tell })
    tell(before?.omitted ?? 0)
  }

  return {
    info: (facts, message) => log.info(facts, message),
    warn: (facts, message) => sayOnce(facts, message, (all) => log.warn(all, message)),
    error: (facts, message) => sayOnce(facts, message, (all) => log.error(all, message)),
  }
}

function tellOmitted({ omitted, say }: Said): void {
  if (omitted > 0) say(omitted)
}

function withReasons(_: string, fact: unknown): unknown {
  return fact instanceof Error ? fact.message : fact
}
