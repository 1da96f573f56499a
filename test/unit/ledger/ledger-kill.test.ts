import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { budget } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const PROGRAM = join(import.meta.dirname, '../../support/busy-ledger.ts')

test('a ledger killed under full load keeps every promise and settles open holds once', async () => {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  try {
    let before = 0
    for (let round = 0; round < 5; round += 1) {
      const promises = await killedAfter(150 + round * 60, file)
      const spent = await reopenedSpend(file)
      const rows = readRows(file)
      assert.ok(rows.size > before + 10, `${rows.size} rows after ${before}`)
      before = rows.size
      checkPromises(promises, rows)
      assert.equal(spent, sumOf(rows), 'the balance is the sum of the rows')
      assert.equal(await reopenedSpend(file), spent, 'a second start settles nothing again')
    }
  } finally {
    directory.dispose()
  }
})

/** What the program was promised before it was killed. */
async function killedAfter(ms: number, file: string): Promise<string> {
  const child = spawn(process.execPath, [PROGRAM, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const output = text(child.stdout)
  await once(child.stdout, 'readable')
  await setTimeout(ms)
  child.kill('SIGKILL')
  return output
}

type Rows = ReadonlyMap<
  string,
  { readonly outcome: string | null; readonly cost: number; readonly held: number }
>

function readRows(file: string): Rows {
  const reader = openLedgerReader(file)
  const lines = [...reader.rows({})]
  reader.close()
  const rows = new Map(
    lines.map(({ id, outcome, cost_nusd, held_nusd }) => [
      id,
      { outcome, cost: cost_nusd ?? Number.NaN, held: held_nusd },
    ]),
  )
  assert.equal(rows.size, lines.length, 'each request has one row')
  return rows
}

/** The last line may be torn: the program died while printing it. */
function checkPromises(output: string, rows: Rows): void {
  for (const line of output.split('\n').slice(0, -1)) {
    const [promise, id = '', amount] = line.split(' ')
    const row = rows.get(id)
    if (promise === 'held') assert.equal(row?.held, Number(amount), line)
    else assert.deepEqual([row?.outcome, row?.cost], ['ok', Number(amount)], line)
  }
  for (const { outcome, cost, held } of rows.values())
    if (outcome !== 'ok') assert.deepEqual([outcome, cost], ['unsettled', held])
}

function sumOf(rows: Rows): number {
  return [...rows.values()].reduce((sum, { cost }) => sum + cost, 0)
}

async function reopenedSpend(file: string): Promise<number> {
  const ledger = openLedger(file)
  const [balance] = ledger.balances([budget(1)], Date.now())
  await ledger.close()
  assert.equal(balance?.held, 0)
  return balance?.spent ?? Number.NaN
}
