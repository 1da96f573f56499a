import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPromptClass } from '../../../src/base/prompt-class.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { say } from '../ledger/figures.ts'
import { type Filling, fill } from '../ledger/fill.ts'
import { browse } from './browse.ts'
import { KEPT, LABELLED, labelOf, promptOf } from './furnish.ts'
import { type Program, startProgram } from './program.ts'

export async function runSqlite(filling: Filling, runs: number, keep: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-console-'))
  const file = keep ?? join(folder, 'ledger.db')
  try {
    if (!existsSync(file)) await fill(file, filling)
    await openLedger(file).close()
    furnish(file)
    const program = await startProgram(folder, { sqlite: file })
    try {
      await measureCounting(program)
      await browse(program, runs)
    } finally {
      await program.end()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How long it takes until the first overview covers a day, and until everything is counted. */
export async function measureCounting(program: Program): Promise<void> {
  const started = performance.now()
  for (const window of ['24h', '30d']) {
    for (;;) {
      const { answer } = await program.ask(`/api/overview?window=${window}`)
      if ((answer as { complete: boolean }).complete) break
      await sleep(500)
    }
    say(`counted for ${window} after`, `${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
}

function furnish(file: string): void {
  const database = new DatabaseSync(file)
  database.exec('BEGIN')
  const keep = database.prepare('UPDATE ledger SET prompt = ? WHERE seq = ?')
  const label = database.prepare("UPDATE ledger SET label = ?, labelled_by = 'ada' WHERE seq = ?")
  const newest = database.prepare('SELECT seq, class FROM ledger ORDER BY seq DESC LIMIT ?').all(KEPT)
  for (const [number, { seq, class: given }] of newest.entries()) {
    keep.run(promptOf(number), Number(seq))
    const isLabelled = number % (KEPT / LABELLED) === 0 && typeof given === 'string' && isPromptClass(given)
    if (isLabelled) label.run(labelOf(number, given), Number(seq))
  }
  database.exec('COMMIT')
  database.close()
}
