import { LRUCache } from 'lru-cache'
import type { RequestId } from '../../base/ids.ts'
import type { Origin } from '../book.ts'
import { type Budget, WINDOWS, type Window } from '../ledger.ts'
import { type Span, spanAt } from '../window.ts'

/** The set of all teams that Redis holds something of. */
export const TEAMS = 'trivium:teams'

/** Names of what Redis holds of a team. The braces keep all of it in one slot of a cluster. */
export function teamKeys(team: string) {
  const base = `trivium:{${team}}:`
  return {
    /** A hash: `epoch`, which changes when balances are brought in anew, and `opens`, before which none is admitted. */
    state: `${base}state`,
    /** A sorted set of open holds by the time their lease ends. */
    leases: `${base}leases`,
    /** The stream of rows on their way to Postgres. */
    rows: `${base}rows`,
    /** The stream of rows that Postgres does not take. */
    refused: `${base}refused`,
    /** A hash: `h`, what is held, and `row`, the open row. */
    hold: (id: RequestId) => `${base}hold:${id}`,
    /** What an overdue hold was settled at, for the truth that may still come. */
    late: (id: RequestId) => `${base}late:${id}`,
  }
}

/** One window of a team, or of a key of it: a hash of `s`, what was spent, and `h`, what is held. */
export interface AccountKey {
  readonly name: string
  readonly span: Span
  /** When the window ends, as scripts take it: empty for never. */
  readonly ends: string
}

/** The account of a payer in the window that a moment falls in. */
export function accountKey(team: string, key: string | undefined, per: Window, at: number): AccountKey {
  const span = spanAt(per, at)
  const payer = key === undefined ? 'team' : `key/${key}`
  const start = span.end === null ? 'all' : new Date(span.start).toISOString().slice(0, 13)
  const ends = span.end === null ? '' : String(span.end)
  return { name: `trivium:{${team}}:${payer}:${per}:${start}`, span, ends }
}

/** No window ends within an hour, so that one hour's requests of a key count in the same accounts. */
const HOUR_MS = 3_600_000
const MOST_KEYS = 10_000

/** The accounts of keys in the hour they were last asked for, by hour, team and key: working them out takes 10 µs. */
const recent = new LRUCache<string, readonly AccountKey[]>({ max: MOST_KEYS })

/** All accounts that a row counts in: the team's, then its key's, each in the order of `WINDOWS`. */
export function accountsOf({ team, key, at }: Origin): readonly AccountKey[] {
  const hour = `${Math.floor(at / HOUR_MS)} ${team}/${key}`
  const known = recent.get(hour)
  if (known !== undefined) return known
  const accounts = [undefined, key].flatMap((payer) => WINDOWS.map((per) => accountKey(team, payer, per, at)))
  recent.set(hour, accounts)
  return accounts
}

/** Which of `accountsOf` a budget limits, counted from 1 as Lua does. */
export function placeOf({ key, per }: Budget): number {
  return (key === undefined ? 0 : WINDOWS.length) + WINDOWS.indexOf(per) + 1
}

/** The account that a budget limits in the window that a moment falls in. */
export function accountOf(budget: Budget, at: number): AccountKey {
  const { team, key = '', per } = budget
  return accountsOf({ team, key, at })[placeOf(budget) - 1] ?? accountKey(team, budget.key, per, at)
}

const DAY_MS = 86_400_000

/** Lua: lets an account be forgotten a day after its window's end, or after now for a window that is long past. */
export const FORGET = `
local function forget(account, ends)
  if ends == '' then return end
  redis.call('PEXPIREAT', account, string.format('%.0f', math.max(tonumber(ends), now_ms) + ${DAY_MS}))
end
`
