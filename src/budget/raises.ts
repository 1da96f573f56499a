import { randomBytes } from 'node:crypto'
import { MOST, type NanoUsd, nanoUsd } from '../base/money.ts'
import type { Budget } from './ledger.ts'
import type { Decision, Raise, RaiseEntry, RaiseLog } from './raise.ts'

/** What is asked for: this much more in this budget until then. */
export interface RaiseOrder {
  readonly budget: string
  readonly amount: NanoUsd
  readonly until: number
}

/** How long a raise that is over is still known here: a request may be older than the moment it asks in. */
const STRAGGLERS_MS = 86_400_000

/** The raises that are not over, laid over budgets; each change is in the log before it counts here. */
export class Raises {
  #standing: readonly Raise[] = []
  readonly #log: RaiseLog

  private constructor(log: RaiseLog) {
    this.#log = log
  }

  /** `at` is now. */
  static async open(log: RaiseLog, at: number): Promise<Raises> {
    const raises = new Raises(log)
    await raises.refresh(at)
    return raises
  }

  /** Reads the log anew: what another process has decided counts from now on. What is decided here meanwhile stays. */
  async refresh(at: number): Promise<void> {
    const before = this.#standing
    const granted = recent(grantedIn(await this.#log.entries()), at)
    if (this.#standing === before) this.#standing = granted
  }

  /** Counts for requests that arrive from `decision.at` on, once this resolves. */
  async grant(order: RaiseOrder, decision: Decision): Promise<Raise> {
    const id = `raise-${randomBytes(5).toString('hex')}`
    const entry: RaiseEntry = { action: 'grant', raise: id, ...order, ...decision }
    await this.#log.append(entry)
    const raise = raiseOf(entry)
    // A refresh may have read it from the log already.
    const others = recent(this.#standing, decision.at).filter((each) => each.id !== id)
    this.#standing = [...others, raise]
    return raise
  }

  /**
   * Ends a raise before its time: once, however many ask and wherever. Undefined where none of this id is in force, as
   * far as the log knows.
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

  /** The budgets with the limits they have for a request that arrives at `at`. */
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

/** What was granted and not revoked. */
function grantedIn(entries: readonly RaiseEntry[]): readonly Raise[] {
  const revoked = new Set(entries.filter(({ action }) => action === 'revoke').map(({ raise }) => raise))
  return entries.filter(({ action, raise }) => action === 'grant' && !revoked.has(raise)).map(raiseOf)
}

function raiseOf({ raise: id, budget, amount, at: since, until, reason, who }: RaiseEntry): Raise {
  return { id, budget, amount, since, until, reason, who }
}
