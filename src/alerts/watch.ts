import type { Balance, Budget } from '../budget/ledger.ts'
import type { Alert, AlertBook } from './alert.ts'
import { crossedBy } from './crossing.ts'
import { factsOf, sentenceOf } from './wording.ts'

export interface AlertLog {
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface WatchParts {
  readonly book: AlertBook
  readonly log: AlertLog
  /** Where budgets stand in the windows of `at`, in the order asked. */
  balances(budgets: readonly Budget[], at: number): readonly Balance[]
  now(): number
  /** New alerts are in the book, to be delivered. */
  onNoted(): void
}

/** A budget in the window of a moment. */
interface Moment {
  readonly budget: Budget
  readonly at: number
}

/** How long what was spent waits to be looked at, so that many requests cost one look. */
const GATHER_MS = 100
const HOUR = 3_600_000

/**
 * Notices when what was spent reaches a threshold, away from the requests that spend it. It looks at levels, not at
 * steps: what a look misses, because the process died or the store failed, the next one finds.
 */
export class AlertWatch {
  readonly #parts: WatchParts
  /** By the hour, the budgets that were spent from, each with its newest moment. */
  #moments = new Map<number, Map<Budget, number>>()
  #timer: NodeJS.Timeout | undefined
  /** What the book has already, for the newest window of each budget: ids by budget. */
  readonly #noted = new Map<string, { readonly window: number | null; readonly ids: Set<string> }>()
  #looking: Promise<void> = Promise.resolve()

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** Something was spent in the windows of `at`. Takes less than a microsecond; the look itself comes later. */
  spent(budgets: readonly Budget[], at: number): void {
    const hour = Math.floor(at / HOUR)
    let moments = this.#moments.get(hour)
    for (const budget of budgets) {
      if (budget.alertAt === undefined) continue
      if (moments === undefined) {
        moments = new Map()
        this.#moments.set(hour, moments)
      }
      moments.set(budget, at)
    }
    if (moments !== undefined) this.#timer ??= setTimeout(() => void this.look(), GATHER_MS).unref()
  }

  /** Looks at what was spent since the last look. Never rejects. */
  look(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const moments = momentsOf(this.#moments)
    this.#moments = new Map()
    this.#looking = this.#looking.then(() => this.#lookAt(moments))
    return this.#looking
  }

  async #lookAt(moments: readonly Moment[]): Promise<void> {
    const now = this.#parts.now()
    try {
      const crossed = moments.flatMap(({ budget, at }) =>
        this.#parts.balances([budget], at).flatMap((balance) => crossedBy(balance, at, now)),
      )
      const unknown = crossed.filter((alert) => !this.#isNoted(alert))
      if (unknown.length === 0) return
      const fresh = await this.#parts.book.note(unknown)
      for (const alert of unknown) this.#remember(alert)
      for (const alert of fresh) this.#parts.log.warn(factsOf(alert), sentenceOf(alert))
      if (fresh.length > 0) this.#parts.onNoted()
    } catch (error) {
      this.#parts.log.error({ err: error }, 'alerts could not be written down; the next look tries again')
    }
  }

  #isNoted({ id, budget, resetsAt }: Alert): boolean {
    const known = this.#noted.get(budget)
    return known?.window === resetsAt && known.ids.has(id)
  }

  #remember({ id, budget, resetsAt }: Alert): void {
    const known = this.#noted.get(budget)
    if (known?.window === resetsAt) known.ids.add(id)
    else this.#noted.set(budget, { window: resetsAt, ids: new Set([id]) })
  }
}

/** Once for each budget and hour: a reload makes new budgets of the same names. */
function momentsOf(byHour: ReadonlyMap<number, ReadonlyMap<Budget, number>>): readonly Moment[] {
  return [...byHour.values()].flatMap((spent) => {
    const moments = new Map<string, Moment>()
    for (const [budget, at] of spent) moments.set(budget.id, { budget, at })
    return [...moments.values()]
  })
}
