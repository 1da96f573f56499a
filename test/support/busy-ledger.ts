import { nanoUsd } from '../../src/base/money.ts'
import { isNoRoom } from '../../src/ledger/ledger.ts'
import { openLedger } from '../../src/ledger/sqlite/ledger.ts'
import { budget, closing, openRow } from './ledger-rows.ts'

/**
 * Run as a program: holds and settles on the ledger given as its argument as fast as it can until killed. It
 * prints `held ID AMOUNT` or `settled ID COST` once the ledger has promised it, which is when a client would
 * learn of it.
 */
const ledger = openLedger(process.argv[2] ?? '')
const budgets = [budget(Number.MAX_SAFE_INTEGER), budget(Number.MAX_SAFE_INTEGER, 'day', 'ci')]

async function request(amount: number): Promise<void> {
  const asked = nanoUsd(amount)
  const row = openRow(Date.now())
  const hold = await ledger.hold(row, budgets, { atMost: asked, atLeast: asked })
  if (isNoRoom(hold)) throw new Error('the budget has no end')
  const added = await hold.extend({ atMost: nanoUsd(7), atLeast: nanoUsd(7) })
  if (typeof added === 'object') throw new Error('the budget has no end')
  process.stdout.write(`held ${row.id} ${amount + added}\n`)
  await hold.settle(closing(Math.floor(amount / 3)))
  process.stdout.write(`settled ${row.id} ${Math.floor(amount / 3)}\n`)
}

async function run(lane: number): Promise<void> {
  for (let count = 1; ; count += 1) await request(1000 + lane * 100 + (count % 97))
}

await Promise.all(Array.from({ length: 12 }, (_, lane) => run(lane)))
