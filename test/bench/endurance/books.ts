import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { z } from 'zod'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { ask } from './ask.ts'
import { SLOW } from './ends.ts'
import { type Program, SLOTS } from './program.ts'

/** What was left at the end. Money in nano-dollars. */
export interface Books {
  readonly rowCount: number
  readonly openRows: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly rowsNusd: number
  readonly balanceNusd: number
  readonly heldNusd: number
  readonly slots: number
  readonly freeSlots: number
}

/** Once all requests have ended: queries the program, stops it, and reads its ledger. */
export async function closeBooks(program: Program): Promise<Books> {
  await program.calm()
  const freeSlots = await slotsFree(program)
  await program.calm()
  const balance = await balanceOf(program)
  await program.stop()
  return { ...sumsOf(program.database), ...balance, slots: SLOTS, freeSlots }
}

/** Whether every row was closed, the balance is their sum, nothing is held and every slot is free. */
export function areInOrder(books: Books): boolean {
  const { rowsNusd, balanceNusd, heldNusd, openRows, freeSlots, slots } = books
  return rowsNusd === balanceNusd && heldNusd === 0 && openRows === 0 && freeSlots === slots
}

export function booksTold({ rowCount, openRows, outcomes, ...books }: Books): string {
  const { rowsNusd, balanceNusd, heldNusd, freeSlots, slots } = books
  return `rows                        ${rowCount}, open ${openRows} (who leaves before the request has arrived has none)
balance − sum of the rows   ${balanceNusd - rowsNusd} nano-dollars of ${rowsNusd}; held ${heldNusd}
slots free at the end       ${freeSlots} of ${slots}
outcomes                    ${Object.entries(outcomes)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')}`
}

/**
 * Sends as many concurrent requests as the team is allowed: each gets a slot only if none has leaked. The
 * last failures may have put every target to rest, so it first retries one request until it is answered.
 */
async function slotsFree({ dataUrl }: Program): Promise<number> {
  const pool = new Pool(dataUrl, { connections: SLOTS })
  while ((await ask(pool, 0, SLOW)) !== 200) await sleep(500)
  const statuses = await Promise.all(Array.from({ length: SLOTS }, () => ask(pool, 0, SLOW)))
  await pool.close()
  return statuses.filter((status) => status === 200).length
}

const Balances = z.object({ budgets: z.array(z.object({ spent_usd: z.number(), held_usd: z.number() })) })

async function balanceOf(program: Program): Promise<Pick<Books, 'balanceNusd' | 'heldNusd'>> {
  const [budget] = Balances.parse(JSON.parse(await program.admin('/api/budgets'))).budgets
  const nano = (usd: number | undefined) => Math.round((usd ?? Number.NaN) * 1e9)
  return { balanceNusd: nano(budget?.spent_usd), heldNusd: nano(budget?.held_usd) }
}

function sumsOf(database: string): Pick<Books, 'rowCount' | 'openRows' | 'outcomes' | 'rowsNusd'> {
  const reader = openLedgerReader(database)
  const outcomes: Record<string, number> = {}
  let rowCount = 0
  let openRows = 0
  let rowsNusd = 0
  for (const { outcome, cost_nusd } of reader.rows({})) {
    rowCount += 1
    if (outcome === null) openRows += 1
    outcomes[outcome ?? 'open'] = (outcomes[outcome ?? 'open'] ?? 0) + 1
    rowsNusd += cost_nusd ?? 0
  }
  reader.close()
  return { rowCount, openRows, outcomes, rowsNusd }
}
