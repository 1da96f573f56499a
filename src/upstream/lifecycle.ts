import type { Log } from '../base/log.ts'
import type { Target } from '../base/target.ts'
import { askModels, type Reachability } from './model-list.ts'
import type { LifecycleSettings, UpstreamSettings } from './settings.ts'

const DAY_MS = 86_400_000

/** The settings in force; read again on each look. */
interface Watched {
  readonly settings: LifecycleSettings
  readonly upstreams: readonly UpstreamSettings[]
  /** The targets of all routes. */
  readonly routed: readonly Target[]
}

interface Parts {
  readonly watched: () => Watched
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Pick<Log, 'warn'>
  readonly ask?: (upstream: UpstreamSettings) => Promise<Reachability>
}

/** When a model ends, as far as known: from its upstream's own list, else from the catalogue. */
export interface End {
  readonly at: number
  readonly saidBy: 'upstream' | 'catalogue'
}

/**
 * Tracks which models the upstreams have, and until when. Vendors announce removals in their model lists, and
 * a model past its date that its upstream no longer lists is not asked for.
 */
export class Lifecycle {
  readonly #parts: Parts
  readonly #lists = new Map<string, ReadonlyMap<string, number | undefined>>()
  #timer: NodeJS.Timeout | undefined
  /** As of the last schedule; undefined: no list is read. */
  #refreshMs: number | undefined
  /** What the last round of warnings was about. */
  #told: ReadonlySet<string> = new Set()
  #isLooking = false
  #looking: Promise<void> = Promise.resolve()
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Begins to look, or, if no list shall be read, warns by the catalogue alone. */
  start(): void {
    clearTimeout(this.#timer)
    this.#refreshMs = this.#parts.watched().settings.refreshMs
    if (this.#refreshMs === undefined) {
      // Nobody would notice if what they say were no longer true.
      this.#lists.clear()
      this.#warn('new')
    } else this.#schedule(0)
  }

  /**
   * Call after a reload: warns about retirements not yet reported. Every change of a key is a reload. A new interval
   * begins with a look; without one the lists are forgotten.
   */
  reloaded(): void {
    const isNew = this.#parts.watched().settings.refreshMs !== this.#refreshMs
    // A look that is under way schedules the next one by the new settings.
    if (isNew && !this.#isLooking) this.start()
    else this.#warn('new')
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#looking
  }

  /**
   * When a target leaves its upstream; undefined if unannounced, or if the configuration says that it stays.
   * That goes before the list, which may be the vendor's, relayed in front of a deployment that outlives it:
   * to ask for a model in vain costs one 404, but not to ask for one that is there would lose it.
   */
  endOf(target: Target): End | undefined {
    if (target.stays) return undefined
    const listed = this.#lists.get(target.upstream)?.get(target.sentModel)
    if (listed !== undefined) return { at: listed, saidBy: 'upstream' }
    return target.shutdownAt === undefined ? undefined : { at: target.shutdownAt, saidBy: 'catalogue' }
  }

  /**
   * Why a target need not be asked any more: its upstream says its date has passed, or no longer lists it
   * after the catalogue's date. Without the upstream's word it is asked: private deployments outlive public
   * ones.
   */
  absenceOf(target: Target): { readonly reason: string; readonly retryAfterMs: undefined } | undefined {
    const list = this.#lists.get(target.upstream)
    if (list === undefined) return undefined
    const end = this.endOf(target)
    if (end === undefined || end.at > this.#parts.now()) return undefined
    if (end.saidBy === 'catalogue' && list.has(target.sentModel)) return undefined
    return { reason: `retired on ${dayOf(end.at)}`, retryAfterMs: undefined }
  }

  /** Reads the lists now. Never rejects: for an upstream that does not answer, the last list is kept. */
  async look(): Promise<void> {
    const { upstreams } = this.#parts.watched()
    const ask = this.#parts.ask ?? askModels
    const answers = await Promise.all(upstreams.map((upstream) => ask(upstream)))
    const names = new Set(upstreams.map(({ name }) => name))
    for (const name of this.#lists.keys()) if (!names.has(name)) this.#lists.delete(name)
    for (const { upstream, models } of answers) if (models !== undefined) this.#lists.set(upstream, models)
    this.#warn('all')
  }

  #warn(which: 'all' | 'new'): void {
    const { routed, settings } = this.#parts.watched()
    const now = this.#parts.now()
    const told = new Set<string>()
    for (const target of new Set(routed)) {
      const end = this.endOf(target)
      if (end === undefined || end.at - now > settings.warnAheadMs) continue
      const days = Math.ceil((end.at - now) / DAY_MS)
      const facts = {
        model: target.model,
        upstream: target.upstream,
        shutdown: dayOf(end.at),
        days,
        saidBy: end.saidBy,
      }
      const message = days > 0 ? 'a routed model is about to be retired' : 'a routed model is retired'
      const said = `${target.upstream} ${target.model} ${facts.shutdown} ${message}`
      told.add(said)
      if (which === 'all' || !this.#told.has(said)) this.#parts.log.warn(facts, message)
    }
    this.#told = told
  }

  #schedule(afterMs: number): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#looking = this.#lookInTurn()
    }, afterMs)
    this.#timer.unref()
  }

  async #lookInTurn(): Promise<void> {
    this.#isLooking = true
    await this.look()
    this.#isLooking = false
    // A reload may have changed it while the upstreams were asked.
    this.#refreshMs = this.#parts.watched().settings.refreshMs
    if (this.#refreshMs === undefined) this.#lists.clear()
    else this.#schedule(this.#refreshMs)
  }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
