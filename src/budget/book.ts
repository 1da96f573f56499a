import { least, MOST, type NanoUsd, nanoUsd, ZERO } from '../base/money.ts'
import { type Account, type Accounts, accountOf, Payer } from './accounts.ts'
import type { Ask, Balance, Budget, NoRoom } from './budget.ts'
import { leastLeft, MOST_WITHOUT_BUDGET } from './room.ts'
import type { Span } from './window.ts'

/** Who a row belongs to, and the time that decides which windows its cost falls in. */
export interface Origin {
  readonly team: string
  readonly key: string
  readonly at: number
}

/** Sums the closed rows of a team, or of one of its keys, in a window. */
type SumOfRows = (team: string, key: string | undefined, span: Span) => number

/**
 * All balances, in memory. Everything here is synchronous, so each call is one atomic step. A payer's
 * accounts count all of its rows and holds regardless of the budgets a request names. A budget is only a
 * limit laid over an account, so one that a reload adds or changes finds the spend already counted.
 */
export class Book {
  readonly #teams = new Map<string, { readonly payer: Payer; readonly keys: Map<string, Payer> }>()
  readonly #sumOfRows: SumOfRows

  constructor(sumOfRows: SumOfRows) {
    this.#sumOfRows = sumOfRows
  }

  /**
   * Loads what a team or key has already spent in the windows that contain `at`, in the order of `WINDOWS`.
   */
  bringForward(team: string, key: string | undefined, at: number, spent: readonly number[]): void {
    const payer = new Payer(at, spent, (span) => this.#sumOfRows(team, key, span))
    const known = this.#teams.get(team)
    if (key !== undefined && known !== undefined) known.keys.set(key, payer)
    else if (key !== undefined) this.#open(team, at).keys.set(key, payer)
    else this.#teams.set(team, { payer, keys: known?.keys ?? new Map() })
  }

  /** Takes as much of `atMost` as every budget has room for, or nothing if any lacks room for `atLeast`. */
  take(origin: Origin, budgets: readonly Budget[], ask: Ask): Stake | NoRoom {
    const limited = budgets.map((budget) => ({ budget, account: this.#accountOf(budget, origin.at) }))
    const room = roomFor(limited, ask)
    if (typeof room === 'object') return room
    return new Stake(this.#touching(origin), limited, room)
  }

  /** Books a cost that was never held. */
  book(origin: Origin, cost: NanoUsd): void {
    for (const account of this.#touching(origin)) spend(account, cost)
  }

  /** Reverses a booked cost whose row could not be written. */
  unbook(origin: Origin, cost: NanoUsd): void {
    for (const account of this.#touching(origin)) account.spent -= cost
  }

  balances(budgets: readonly Budget[], at: number): readonly Balance[] {
    return budgets.map((budget) => balanceOf({ budget, account: this.#accountOf(budget, at) }))
  }

  #accountOf({ team, key, per }: Budget, at: number): Account {
    return accountOf(this.#payerOf(team, key, at).at(at), per)
  }

  /** The accounts of the team, then those of the key. */
  #touching({ team, key, at }: Origin): Accounts {
    return [...this.#payerOf(team, undefined, at).at(at), ...this.#payerOf(team, key, at).at(at)]
  }

  /** A payer seen for the first time has no rows; payers with rows were loaded at startup. */
  #payerOf(team: string, key: string | undefined, at: number): Payer {
    const known = this.#teams.get(team) ?? this.#open(team, at)
    if (key === undefined) return known.payer
    const payer = known.keys.get(key)
    if (payer !== undefined) return payer
    const fresh = new Payer(at, [], (span) => this.#sumOfRows(team, key, span))
    known.keys.set(key, fresh)
    return fresh
  }

  #open(team: string, at: number): { readonly payer: Payer; readonly keys: Map<string, Payer> } {
    const payer = new Payer(at, [], (span) => this.#sumOfRows(team, undefined, span))
    const opened = { payer, keys: new Map<string, Payer>() }
    this.#teams.set(team, opened)
    return opened
  }
}

/** A budget with the account it limits, in the window of one request. */
interface Limited {
  readonly budget: Budget
  readonly account: Account
}

/** Money taken out of every account of a request until the stake ends. */
export class Stake {
  #held: NanoUsd
  #ended = false
  readonly #accounts: Accounts
  readonly #limited: readonly Limited[]

  constructor(accounts: Accounts, limited: readonly Limited[], amount: NanoUsd) {
    this.#accounts = accounts
    this.#limited = limited
    this.#held = ZERO
    for (const account of accounts) account.open += 1
    this.#change(amount)
  }

  get held(): NanoUsd {
    return this.#held
  }

  grow(ask: Ask): NanoUsd | NoRoom {
    if (this.#ended) return ZERO
    const room = roomFor(this.#limited, ask)
    if (typeof room === 'number') this.#change(room)
    return room
  }

  /** Releases part of what is held. */
  release(amount: NanoUsd): void {
    if (!this.#ended) this.#change(nanoUsd(-least(amount, this.#held)))
  }

  /** Ends the stake at `cost`. False if it had already ended. */
  settle(cost: NanoUsd): boolean {
    if (this.#ended) return false
    this.#ended = true
    for (const account of this.#accounts) {
      account.held -= this.#held
      account.open -= 1
      spend(account, cost)
    }
    return true
  }

  /**
   * What the tightest budget would have left if this stake settled at `cost`; once it has ended, what is
   * actually left.
   */
  remainingAfter(cost: NanoUsd): NanoUsd | undefined {
    const change = this.#ended ? 0 : cost - this.#held
    return leastLeft(
      this.#limited.map(({ budget: { limit }, account: { spent, held } }) => limit - spent - held - change),
    )
  }

  #change(amount: NanoUsd): void {
    this.#held = nanoUsd(this.#held + amount)
    for (const account of this.#accounts) account.held += amount
  }
}

/**
 * How much of an ask fits in every budget, or the budget where it does not fit. An exhausted budget takes
 * precedence over one that is merely held.
 */
function roomFor(limited: readonly Limited[], { atMost, atLeast }: Ask): NanoUsd | NoRoom {
  let room = limited.length === 0 ? least(atMost, MOST_WITHOUT_BUDGET) : atMost
  let full: Limited | undefined
  for (const entry of limited) {
    const { budget, account } = entry
    const left = budget.limit - account.spent - account.held
    // A free request needs no room, even in a budget that an unexpected cost has overdrawn.
    if (left < atLeast && atLeast > 0) {
      if (budget.limit - account.spent < atLeast) return { refused: 'exhausted', balance: balanceOf(entry) }
      full ??= entry
    }
    if (left < room) room = nanoUsd(Math.max(0, left))
  }
  return full === undefined ? room : { refused: 'held', balance: balanceOf(full) }
}

function balanceOf({ budget, account }: Limited): Balance {
  return { budget, spent: nanoUsd(account.spent), held: nanoUsd(account.held), resetsAt: account.span.end }
}

/**
 * Sums beyond `MOST` are no longer exact. No budget is that large, so clamping to it loses nothing that
 * matters.
 */
function spend(account: Account, cost: NanoUsd): void {
  account.spent = Math.min(MOST, account.spent + cost)
}
