import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { openLedger } from '../../src/budget/sqlite/ledger.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { ledgerContract } from './ledger.ts'

ledgerContract('sqlite', async () => {
  const directory = temporaryDirectory()
  let file = join(directory.path, 'ledger.db')
  let ledger = openLedger(file)
  return {
    ledger,
    reopen: async (end) => {
      if (end === 'crash') file = copyAsCrashed(file, `${file}-crashed`)
      await ledger.close()
      ledger = openLedger(file)
      return ledger
    },
    dispose: async () => {
      await ledger.close()
      directory.dispose()
    },
  }
})

/** What the disk holds at this moment is what a killed process would leave. */
function copyAsCrashed(from: string, to: string): string {
  for (const part of ['', '-wal']) if (existsSync(from + part)) copyFileSync(from + part, to + part)
  return to
}
