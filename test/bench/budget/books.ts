import { setTimeout as sleep } from 'node:timers/promises'
import type { LedgerLine } from '../../../src/ledger/line.ts'
import type { LedgerReader } from '../../../src/ledger/reader.ts'
import { openPostgresReader } from '../../../src/ledger/redis-postgres/reader.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import type { RecordedCall } from '../../../src/simulator/call.ts'
import { numberIn } from './mix.ts'
import type { Standing } from './storm.ts'

/** The upstream's bill compared with the ledger. Money in nano-dollars. */
export interface Books {
  readonly billed: number
  readonly booked: number
  /** What was booked, by day or in total. */
  readonly windows: Readonly<Record<string, number>>
  /**
   * Requests that cost more than was booked for them, or that were answered in full but booked as something
   * else.
   */
  readonly underbooked: readonly string[]
  /** Rows are open, money is held, or the balance is not the sum of the rows. */
  readonly unsettled: boolean
}

/**
 * The row of a broken connection is written in the next tick; with shared stores, rows also travel through
 * Redis.
 */
const PATIENCE_MS = 10_000

/** Reads the ledger once every row is closed, and compares it with the calls an upstream received. */
export async function readBooks(
  store: string,
  team: string,
  calls: readonly RecordedCall[],
  standing: () => Promise<readonly Standing[]>,
): Promise<Books> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const rows = await rowsOf(store, team)
    const unsettled = !isSettled(rows, await standing())
    if (!unsettled || performance.now() > deadline) return compare(rows, calls, unsettled)
    await sleep(20)
  }
}

async function rowsOf(store: string, team: string): Promise<readonly LedgerLine[]> {
  const reader: LedgerReader = store.startsWith('postgres:')
    ? await openPostgresReader(store)
    : openLedgerReader(store)
  const rows = await Array.fromAsync(reader.rows({ team }))
  await reader.close()
  return rows
}

/** Whether the current window's balance is the sum of its rows. */
function isSettled(rows: readonly LedgerLine[], standings: readonly Standing[]): boolean {
  if (rows.some(({ outcome }) => outcome === null)) return false
  return standings.every(({ id, spent_usd, held_usd }) => {
    const windows = windowsOf(rows, id.endsWith('/day'))
    const newest = Object.keys(windows).sort().at(-1) ?? ''
    return held_usd === 0 && Math.round(spent_usd * 1e9) === (windows[newest] ?? 0)
  })
}

function windowsOf(rows: readonly LedgerLine[], byDay: boolean): Record<string, number> {
  const windows: Record<string, number> = {}
  for (const { at, cost_nusd } of rows) {
    const window = byDay ? new Date(at).toISOString().slice(0, 10) : 'total'
    windows[window] = (windows[window] ?? 0) + (cost_nusd ?? 0)
  }
  return windows
}

function compare(rows: readonly LedgerLine[], calls: readonly RecordedCall[], unsettled: boolean): Books {
  const billedFor = new Map<number, number>()
  for (const { body, billedNanoUsd } of calls) {
    const number = numberIn(body.toString('utf8'))
    billedFor.set(number, (billedFor.get(number) ?? 0) + billedNanoUsd)
  }
  const byNumber = Map.groupBy(rows, ({ requested_model }) => numberIn(requested_model))
  const underbooked = [...billedFor].flatMap(([number, billed]) => {
    const own = byNumber.get(number) ?? []
    const booked = own.reduce((sum, { cost_nusd }) => sum + (cost_nusd ?? 0), 0)
    const isExact = own.every(
      ({ usage_source, attempts, outcome }) =>
        outcome === 'refused' || (outcome === 'ok' && usage_source === 'reported' && attempts === 1),
    )
    if (booked === billed || (booked > billed && !isExact)) return []
    const how = own
      .map((row) => [row.outcome, row.usage_source, row.attempts, row.target].join(' '))
      .join(', ')
    return [`request ${number}: billed ${billed}, booked ${booked} (${how})`]
  })
  const isDaily = new Set(rows.map(({ at }) => Math.floor(at / 86_400_000))).size > 1
  return {
    billed: [...billedFor.values()].reduce((sum, billed) => sum + billed, 0),
    booked: rows.reduce((sum, { cost_nusd }) => sum + (cost_nusd ?? 0), 0),
    windows: windowsOf(rows, isDaily),
    underbooked,
    unsettled,
  }
}
