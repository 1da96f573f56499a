import { statSync } from 'node:fs'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { prepareStep } from '../../../src/ledger/sqlite/upkeep.ts'
import { check, say } from './figures.ts'
import type { Filling } from './fill.ts'

const DAY = 86_400_000
/** Limit for how long one step may block requests. */
const MOST_STALL_MS = 250

/**
 * Deletes the older half of a file's rows and returns the space: how long does a step block the event loop,
 * and how much is left?
 */
export async function measureUpkeep(file: string, { days, until }: Filling): Promise<void> {
  await openLedger(file).close()
  const before = statSync(file).size
  const sums = spent(file)
  const store = openStore(file)
  const step = prepareStep(store.database)
  const keptSince = Math.floor((until - (days / 2) * DAY) / DAY) * DAY
  const times: number[] = []
  const began = performance.now()
  for (let done = ''; done !== 'nothing'; ) {
    const started = performance.now()
    done = step(keptSince, 0)
    times.push(performance.now() - started)
  }
  const tookMs = performance.now() - began
  store.close()
  times.sort((one, other) => one - other)
  const at = (part: number) => times[Math.ceil(part * times.length) - 1] ?? 0
  say('deleting half of it, steps', `${times.length} in ${(tookMs / 1000).toFixed(1)} s`)
  const stall = at(1)
  say(
    'a step',
    `p50 ${at(0.5).toFixed(2)} ms   p99 ${at(0.99).toFixed(1)} ms   longest ${stall.toFixed(1)} ms${check(stall < MOST_STALL_MS)}`,
  )
  say('the file is', `${(statSync(file).size / 1e9).toFixed(2)} GB, was ${(before / 1e9).toFixed(2)}`)
  say('what was spent is what it was', spent(file) === sums ? 'yes' : `no${check(false)}`)
}

function spent(file: string): string {
  const reader = openLedgerReader(file)
  try {
    return JSON.stringify([reader.spend('key', {}), reader.spend('day', {})])
  } finally {
    reader.close()
  }
}
