import { LRUCache } from 'lru-cache'
import { DAY, HOUR } from '../../base/durations.ts'
import type { RequestId } from '../../base/ids.ts'
import type { Origin } from '../../budget/book.ts'
import { type Budget, WINDOWS, type Window } from '../../budget/budget.ts'
import { type Span, spanAt } from '../../budget/window.ts'

/** The set of all teams with data in Redis. */
export const TEAMS = 'trivium:teams'

/** Names of a team's keys in Redis. The braces keep all of them in one slot of a cluster. */
export function teamKeys(team: string) {
  const base = `trivium:{${team}}:`
  return {
    /**
     * A hash: `epoch`, which changes when balances are reloaded, and `opens`, the time before which no hold
     * is admitted.
     */
    state: `${base}state`,
    /** A sorted set of open holds, scored by the time their lease expires. */
    leases: `${base}leases`,
    /** The stream of rows on their way to Postgres. */
    rows: `${base}rows`,
    /** The stream of rows that Postgres rejects. */
    refused: `${base}refused`,
    /** A hash: `h`, the amount held, and `row`, the open row. */
    hold: (id: RequestId) => `${base}hold:${id}`,
    /**
     * What an overdue hold was settled at, kept in case the actual cost still arrives; or that a hold was
     * settled.
     */
    late: (id: RequestId) => `${base}late:${id}`,
    /** The epoch whose balances a late row was added to, so that it is added once. */
    caught: (id: RequestId) => `${base}caught:${id}`,
  }
}

/** One window of a team or of one of its keys: a hash of `s`, the amount spent, and `h`, the amount held. */
export interface AccountKey {
  readonly name: string
  readonly span: Span
  /** When the window ends, as passed to scripts; empty for never. */
  readonly ends: string
}

/** The account of a payer in the window that contains a moment. */
export function accountKey(team: string, key: string | undefined, per: Window, at: number): AccountKey {
  const span = spanAt(per, at)
  const payer = key === undefined ? 'team' : `key/${key}`
  const start = span.end === null ? 'all' : new Date(span.start).toISOString().slice(0, 13)
  const ends = span.end === null ? '' : String(span.end)
  return { name: `trivium:{${team}}:${payer}:${per}:${start}`, span, ends }
}

const MOST_KEYS = 10_000

/**
 * The accounts of keys in the hour of their last use, by hour, team and key: computing them takes 10 µs. No
 * window ends within an hour, so all requests of a key in one hour count in the same accounts.
 */
const recent = new LRUCache<string, readonly AccountKey[]>({ max: MOST_KEYS })

/** All accounts that a row counts in: the team's, then its key's, each in the order of `WINDOWS`. */
export function accountsOf({ team, key, at }: Origin): readonly AccountKey[] {
  const hour = `${Math.floor(at / HOUR)} ${team}/${key}`
  const known = recent.get(hour)
  if (known !== undefined) return known
  const accounts = [undefined, key].flatMap((payer) => WINDOWS.map((per) => accountKey(team, payer, per, at)))
  recent.set(hour, accounts)
  return accounts
}

/** The index in `accountsOf` of the account that a budget limits, one-based as in Lua. */
export function accountIndexOf({ key, per }: Budget): number {
  return (key === undefined ? 0 : WINDOWS.length) + WINDOWS.indexOf(per) + 1
}

/** The account that a budget limits, in the window that contains a moment. */
export function accountOf(budget: Budget, at: number): AccountKey {
  const { team, key = '', per } = budget
  return accountsOf({ team, key, at })[accountIndexOf(budget) - 1] ?? accountKey(team, budget.key, per, at)
}

/** Lua: lets an account expire a day after its window ends, or a day from now for a window long past. */
export const FORGET = `
local function forget(account, ends)
  if ends == '' then return end
  redis.call('PEXPIREAT', account, string.format('%.0f', math.max(tonumber(ends), now_ms) + ${DAY}))
end
`
