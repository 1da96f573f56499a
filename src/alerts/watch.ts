import type { Balance, Budget } from '../budget/budget.ts'
import type { Alert, AlertBook } from './alert.ts'
import { crossedBy } from './crossing.ts'
import { factsOf, sentenceOf } from './wording.ts'

/** Structured lines for operators. */
export interface AlertLog {
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface WatchParts {
  readonly book: AlertBook
  readonly log: AlertLog
  /** The standing of budgets in the windows of `at`, in the order given. */
  balances(budgets: readonly Budget[], at: number): readonly Balance[]
  now(): number
  /** Called when the book has new alerts to deliver. */
  onNoted(): void
}

/** A budget in the window that contains `at`. */
interface Moment {
  readonly budget: Budget
  readonly at: number
}

/** How long spend is collected before a check, so that many requests share one. */
const GATHER_MS = 100
const HOUR = 3_600_000

/**
 * Detects spend that reaches a threshold, outside the request path. It compares levels rather than changes,
 * so whatever a check misses because the process died or the store failed is found by the next.
 */
export class AlertWatch {
  readonly #parts: WatchParts
  /** By hour, the budgets that were spent from, each with its latest time. */
  #moments = new Map<number, Map<Budget, number>>()
  #timer: NodeJS.Timeout | undefined
  /** Ids already in the book for the current window of each budget. */
  readonly #noted = new Map<string, { readonly window: number | null; readonly ids: Set<string> }>()
  #looking: Promise<void> = Promise.resolve()

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** Reports spend in the windows of `at`. Takes less than a microsecond; the check itself happens later. */
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

  /** Checks what was spent since the last check. Never rejects. */
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
      this.#parts.log.error({ err: error }, 'alerts could not be stored; the next check tries again')
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

/** One per budget and hour: a reload creates new budget objects with the same ids. */
function momentsOf(byHour: ReadonlyMap<number, ReadonlyMap<Budget, number>>): readonly Moment[] {
  return [...byHour.values()].flatMap((spent) => {
    const moments = new Map<string, Moment>()
    for (const [budget, at] of spent) moments.set(budget.id, { budget, at })
    return [...moments.values()]
  })
}
