import { HOUR } from '../base/durations.ts'
import { WINDOWS, type Window } from './budget.ts'
import { type Span, spanAt } from './window.ts'

/** What a team, or one of its keys, has spent and holds in one window. Nano-dollars. */
export interface Account {
  readonly span: Span
  spent: number
  held: number
  /** Holds in flight. An account that still has any must stay in memory. */
  open: number
}

/** The accounts that cover one point in time, in the order of `WINDOWS`. */
export type Accounts = readonly Account[]

/** Sums the closed rows of a window. Called only for past windows that are no longer in memory. */
type Derive = (span: Span) => number

/**
 * The accounts of one payer. Every row of the payer passes through here with its timestamp, so a window that
 * starts after the newest known one starts at zero. Only a step back in time has to read rows.
 */
export class Payer {
  #hour: number
  #newest: Accounts
  #past: Account[] = []
  readonly #derive: Derive

  /** `spent` holds the sums of the windows that contain `at`. No row of the payer is newer than that hour. */
  constructor(at: number, spent: readonly number[], derive: Derive) {
    this.#hour = Math.floor(at / HOUR)
    this.#newest = WINDOWS.map((per, index) => account(spanAt(per, at), spent[index] ?? 0))
    this.#derive = derive
  }

  at(at: number): Accounts {
    const hour = Math.floor(at / HOUR)
    if (hour > this.#hour) this.#advance(hour, at)
    return hour === this.#hour ? this.#newest : this.#earlier(at)
  }

  #advance(hour: number, at: number): void {
    const ended: Account[] = []
    this.#newest = this.#newest.map((newest, index) => {
      const span = spanAt(windowIn(index), at)
      if (span.start === newest.span.start) return newest
      ended.push(newest)
      return account(span, 0)
    })
    this.#hour = hour
    // A request may have started in an earlier hour, so windows that have only just ended are kept for it.
    const recent = at - HOUR
    this.#past = [...this.#past, ...ended].filter(({ open, span }) => open > 0 || (span.end ?? at) > recent)
  }

  #earlier(at: number): Accounts {
    return this.#newest.map((newest, index) => {
      const span = spanAt(windowIn(index), at)
      if (span.start === newest.span.start) return newest
      const known = this.#past.find((past) => past.span.start === span.start && past.span.end === span.end)
      if (known !== undefined) return known
      const derived = account(span, this.#derive(span))
      this.#past.push(derived)
      return derived
    })
  }
}

/** The account for one kind of window among the accounts of one point in time. */
export function accountOf(accounts: Accounts, per: Window): Account {
  const found = accounts[WINDOWS.indexOf(per)]
  if (found === undefined) throw new RangeError(`no account per ${per}`)
  return found
}

function windowIn(index: number): Window {
  return WINDOWS[index] ?? 'total'
}

function account(span: Span, spent: number): Account {
  return { span, spent, held: 0, open: 0 }
}
