import { randomBytes } from 'node:crypto'
import { DAY } from '../base/durations.ts'
import { MOST, type NanoUsd, nanoUsd } from '../base/money.ts'
import type { Budget } from './budget.ts'
import type { Decision, Raise, RaiseEntry, RaiseLog } from './raise.ts'

/** A request for a raise: how much more, in which budget, until when. */
interface RaiseOrder {
  readonly budget: string
  readonly amount: NanoUsd
  readonly until: number
}

/**
 * How long an expired raise is still remembered: raises are applied by arrival time, which may be a while
 * ago.
 */
const STRAGGLERS_MS = DAY

/** Current raises, applied to budgets. Each change is logged before it takes effect here. */
export class Raises {
  #standing: readonly Raise[] = []
  readonly #log: RaiseLog

  private constructor(log: RaiseLog) {
    this.#log = log
  }

  /** `at` is the current time. */
  static async open(log: RaiseLog, at: number): Promise<Raises> {
    const raises = new Raises(log)
    await raises.refresh(at)
    return raises
  }

  /**
   * Rereads the log, so that decisions by other processes take effect. A decision made here meanwhile wins
   * over the reread.
   */
  async refresh(at: number): Promise<void> {
    const before = this.#standing
    const granted = recent(grantedIn(await this.#log.entries()), at)
    if (this.#standing === before) this.#standing = granted
  }

  /** Once this resolves, applies to requests that arrive at or after `decision.at`. */
  async grant(order: RaiseOrder, decision: Decision): Promise<Raise> {
    const id = `raise-${randomBytes(5).toString('hex')}`
    const entry: RaiseEntry = { action: 'grant', raise: id, ...order, ...decision }
    await this.#log.append(entry)
    const raise = raiseOf(entry)
    // A refresh may already have read it from the log.
    const others = recent(this.#standing, decision.at).filter((each) => each.id !== id)
    this.#standing = [...others, raise]
    return raise
  }

  /**
   * Ends a raise early. Takes effect once, however many callers try and in whichever process. Undefined if,
   * as far as the log knows, no raise with this id is in force.
   */
  async revoke(id: string, decision: Decision): Promise<Raise | undefined> {
    const raise = this.#find(id, decision.at) ?? (await this.#findInLog(id, decision.at))
    if (raise === undefined) return undefined
    const { budget, amount, until } = raise
    const isRevoked = await this.#log.append({
      action: 'revoke',
      raise: id,
      budget,
      amount,
      until,
      ...decision,
    })
    this.#standing = this.#standing.filter((each) => each.id !== id)
    return isRevoked ? raise : undefined
  }

  inForce(at: number): readonly Raise[] {
    return this.#standing.filter((raise) => isInForce(raise, at))
  }

  entries(): Promise<readonly RaiseEntry[]> {
    return this.#log.entries()
  }

  /** The budgets with the limits that apply to a request arriving at `at`. */
  over(budgets: readonly Budget[], at: number): readonly Budget[] {
    return this.#standing.length === 0 ? budgets : budgets.map((budget) => this.#raised(budget, at))
  }

  #find(id: string, at: number): Raise | undefined {
    return this.inForce(at).find((each) => each.id === id)
  }

  /** Another process may have granted it a moment ago. */
  async #findInLog(id: string, at: number): Promise<Raise | undefined> {
    const granted = grantedIn(await this.#log.entries())
    return granted.find((raise) => raise.id === id && isInForce(raise, at))
  }

  #raised(budget: Budget, at: number): Budget {
    let more = 0
    for (const raise of this.#standing) {
      if (raise.budget === budget.id && isInForce(raise, at)) more += raise.amount
    }
    return more === 0 ? budget : { ...budget, limit: nanoUsd(Math.min(MOST, budget.limit + more)) }
  }
}

function isInForce({ since, until }: Raise, at: number): boolean {
  return since <= at && at < until
}

function recent(raises: readonly Raise[], at: number): readonly Raise[] {
  return raises.filter(({ until }) => until > at - STRAGGLERS_MS)
}

/** Raises that were granted and not revoked. */
function grantedIn(entries: readonly RaiseEntry[]): readonly Raise[] {
  const revoked = new Set(entries.filter(({ action }) => action === 'revoke').map(({ raise }) => raise))
  return entries.filter(({ action, raise }) => action === 'grant' && !revoked.has(raise)).map(raiseOf)
}

function raiseOf({ raise: id, budget, amount, at: since, until, reason, who }: RaiseEntry): Raise {
  return { id, budget, amount, since, until, reason, who }
}
