import { join } from 'node:path'
import { openLedger } from '../../src/ledger/sqlite/ledger.ts'
import { crashedCopy } from '../support/crashed-copy.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { ledgerContract } from './ledger.ts'

ledgerContract('sqlite', async () => {
  const directory = temporaryDirectory()
  let file = join(directory.path, 'ledger.db')
  let ledger = openLedger(file)
  return {
    ledger,
    reopen: async (end) => {
      if (end === 'crash') file = crashedCopy(file, `${file}-crashed`)
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
