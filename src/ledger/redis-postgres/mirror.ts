import { LRUCache } from 'lru-cache'
import { MOST, nanoUsd } from '../../base/money.ts'
import type { Balance, Budget } from '../../budget/budget.ts'
import { type AccountKey, accountOf } from './team-keys.ts'

/** An account as Redis last reported it, and this replica's changes since then that are still unanswered. */
interface Seen {
  spent: number
  held: number
  spentSince: number
  heldSince: number
}

/**
 * A change to all accounts of a request that Redis has not answered yet. Only the first of these calls
 * counts.
 */
export interface Change {
  /** The change was made, and the accounts now stand like this: spent and held of each. */
  confirm(standings: readonly number[]): void
  /** The change was made. */
  keep(): void
  /** The change was not made. */
  drop(): void
}

const MOST_ACCOUNTS = 100_000

/**
 * The standing of budgets as far as this replica knows: what Redis last reported, with this replica's own
 * changes applied at once. Other replicas' spend shows with the next reply. Never used to decide whether
 * money may be held; only Redis decides that.
 */
export class Mirror {
  readonly #accounts = new LRUCache<string, Seen>({ max: MOST_ACCOUNTS })

  /** Redis has reported the standing of these accounts. */
  see(accounts: readonly AccountKey[], standings: readonly number[]): void {
    accounts.forEach(({ name }, index) => {
      const seen = this.#at(name)
      seen.spent = standings[index * 2] ?? seen.spent
      seen.held = standings[index * 2 + 1] ?? seen.held
    })
  }

  change(accounts: readonly AccountKey[], spent: number, held: number): Change {
    for (const { name } of accounts) {
      const seen = this.#at(name)
      seen.spentSince += spent
      seen.heldSince += held
    }
    let ended = false
    const end = (made: 0 | 1) => {
      if (ended) return
      ended = true
      for (const { name } of accounts) {
        const seen = this.#at(name)
        seen.spentSince -= spent
        seen.heldSince -= held
        seen.spent += made * spent
        seen.held += made * held
      }
    }
    return {
      confirm: (standings) => {
        end(1)
        this.see(accounts, standings)
      },
      keep: () => end(1),
      drop: () => end(0),
    }
  }

  balance(budget: Budget, at: number): Balance {
    const { name, span } = accountOf(budget, at)
    const seen = this.#accounts.get(name)
    if (seen === undefined) return { budget, spent: nanoUsd(0), held: nanoUsd(0), resetsAt: span.end }
    const spent = nanoUsd(bounded(seen.spent + seen.spentSince))
    return { budget, spent, held: nanoUsd(bounded(seen.held + seen.heldSince)), resetsAt: span.end }
  }

  #at(name: string): Seen {
    const known = this.#accounts.get(name)
    if (known !== undefined) return known
    const fresh = { spent: 0, held: 0, spentSince: 0, heldSince: 0 }
    this.#accounts.set(name, fresh)
    return fresh
  }
}

function bounded(amount: number): number {
  return Math.min(MOST, Math.max(0, amount))
}
