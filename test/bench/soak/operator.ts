import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Program } from '../endurance/program.ts'

const PAUSE_MS = 5_000

const Rows = z.object({ data: z.array(z.object({ id: z.string() })) })

/** Reads the ledger and labels a row now and then, like people and scrapers, until told to stop. */
export async function operate(program: Program, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const listed = Rows.parse(JSON.parse(await program.admin('/api/requests?outcome=ok&limit=50')))
    const [row] = listed.data
    if (row !== undefined) {
      const body = JSON.stringify({ label: 'factual_recall' })
      await program.admin(`/api/requests/${row.id}/label`, { method: 'POST', body })
      await program.admin(`/api/requests/${row.id}`)
    }
    for (const path of ['/api/overview', '/api/review', '/api/budgets', '/metrics']) await program.admin(path)
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
  }
}
