import { WINDOWS, type Window } from './ledger.ts'
import { type Span, spanAt } from './window.ts'

/** What one team, or one key of it, has spent and holds in one window. Nano-dollars. */
export interface Account {
  readonly span: Span
  spent: number
  held: number
  /** Holds in flight: an account they still point at is not forgotten. */
  open: number
}

/** The accounts a moment falls in, in the order of `WINDOWS`. */
export type Accounts = readonly Account[]

/** Sums the closed rows of a window. Asked only for windows in the past that are no longer in memory. */
export type Derive = (span: Span) => number

const HOUR = 3_600_000

/**
 * The accounts of one payer. Every row of the payer passes here with its time, so a window that begins after the
 * newest one begins at nothing, and only a step back in time has to ask the rows.
 */
export class Payer {
  #hour: number
  #newest: Accounts
  #past: Account[] = []
  readonly #derive: Derive

  /** `spent` are the sums of the windows `at` falls in; no row of the payer is newer than that hour. */
  constructor(at: number, spent: readonly number[], derive: Derive) {
    this.#hour = Math.floor(at / HOUR)
    this.#newest = WINDOWS.map((per, place) => account(spanAt(per, at), spent[place] ?? 0))
    this.#derive = derive
  }

  at(at: number): Accounts {
    const hour = Math.floor(at / HOUR)
    if (hour > this.#hour) this.#advance(hour, at)
    return hour === this.#hour ? this.#newest : this.#earlier(at)
  }

  #advance(hour: number, at: number): void {
    const ended: Account[] = []
    this.#newest = this.#newest.map((newest, place) => {
      const span = spanAt(windowIn(place), at)
      if (span.start === newest.span.start) return newest
      ended.push(newest)
      return account(span, 0)
    })
    this.#hour = hour
    // A request may be older than the hour it asks in: what ended just now is kept for the stragglers.
    const recent = at - HOUR
    this.#past = [...this.#past, ...ended].filter(({ open, span }) => open > 0 || (span.end ?? at) > recent)
  }

  #earlier(at: number): Accounts {
    return this.#newest.map((newest, place) => {
      const span = spanAt(windowIn(place), at)
      if (span.start === newest.span.start) return newest
      const known = this.#past.find((past) => past.span.start === span.start && past.span.end === span.end)
      if (known !== undefined) return known
      const derived = account(span, this.#derive(span))
      this.#past.push(derived)
      return derived
    })
  }
}

/** The account of one kind of window among a moment's accounts. */
export function accountOf(accounts: Accounts, per: Window): Account {
  const found = accounts[WINDOWS.indexOf(per)]
  if (found === undefined) throw new RangeError(`no account per ${per}`)
  return found
}

function windowIn(place: number): Window {
  return WINDOWS[place] ?? 'total'
}

function account(span: Span, spent: number): Account {
  return { span, spent, held: 0, open: 0 }
}
