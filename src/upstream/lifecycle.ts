import type { Target } from '../base/target.ts'
import { askModels, type Reachability } from './model-list.ts'
import type { LifecycleSettings, UpstreamSettings } from './settings.ts'

const DAY_MS = 86_400_000

/** What is in force now; read anew at each look. */
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
  readonly log: { warn(facts: object, message: string): void }
  readonly ask?: (upstream: UpstreamSettings) => Promise<Reachability>
}

/** A model's end, as far as it is known: by its upstream's own list, else by the catalogue. */
export interface End {
  readonly at: number
  readonly saidBy: 'upstream' | 'catalogue'
}

/**
 * Follows which models the upstreams have, and until when. Vendors take models away; their lists say so before, and an
 * upstream that does not list a model whose day has come is not asked for it.
 */
export class Lifecycle {
  readonly #parts: Parts
  readonly #lists = new Map<string, ReadonlyMap<string, number | undefined>>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start(): void {
    const { refreshMs } = this.#parts.watched().settings
    if (refreshMs !== undefined) this.#schedule(0)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#looking
  }

  /** When a target leaves its upstream; undefined where nobody has said. */
  endOf(target: Target): End | undefined {
    const listed = this.#lists.get(target.upstream)?.get(target.sentModel)
    if (listed !== undefined) return { at: listed, saidBy: 'upstream' }
    return target.shutdownAt === undefined ? undefined : { at: target.shutdownAt, saidBy: 'catalogue' }
  }

  /**
   * Why a target need not be asked any more: its upstream says that its day has come, or does not list it after the day
   * the catalogue knows. Without the upstream's word it is asked: private deployments outlive the public ones.
   */
  absenceOf(target: Target): { readonly reason: string; readonly retryAfterMs: undefined } | undefined {
    const list = this.#lists.get(target.upstream)
    if (list === undefined) return undefined
    const end = this.endOf(target)
    if (end === undefined || end.at > this.#parts.now()) return undefined
    if (end.saidBy === 'catalogue' && list.has(target.sentModel)) return undefined
    return { reason: `retired on ${dayOf(end.at)}`, retryAfterMs: undefined }
  }

  /** Reads the lists now. Never rejects: an upstream that does not answer keeps the list it last had. */
  async look(): Promise<void> {
    const { upstreams } = this.#parts.watched()
    const ask = this.#parts.ask ?? askModels
    const answers = await Promise.all(upstreams.map((upstream) => ask(upstream)))
    const names = new Set(upstreams.map(({ name }) => name))
    for (const name of this.#lists.keys()) if (!names.has(name)) this.#lists.delete(name)
    for (const { upstream, models } of answers) if (models !== undefined) this.#lists.set(upstream, models)
    this.#warn()
  }

  #warn(): void {
    const { routed, settings } = this.#parts.watched()
    const now = this.#parts.now()
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
      this.#parts.log.warn(
        facts,
        days > 0 ? 'a routed model is about to be retired' : 'a routed model is retired',
      )
    }
  }

  #schedule(afterMs: number): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#looking = this.look().then(() =>
        this.#schedule(this.#parts.watched().settings.refreshMs ?? DAY_MS),
      )
    }, afterMs)
    this.#timer.unref()
  }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
