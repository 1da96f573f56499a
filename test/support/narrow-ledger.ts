import { nanoUsd } from '../../src/base/money.ts'
import { openLedger } from '../../src/ledger/sqlite/ledger.ts'
import { AT } from './ledger-file.ts'
import { refusedRow } from './ledger-rows.ts'

/**
 * `node narrow-ledger.ts FILE`, run under a file size limit (`ulimit -f`): writes rows, fails in the middle
 * of a batch that does not fit, writes one more row, and is killed. Prints what was spent.
 */
const ledger = openLedger(process.argv[2] ?? '')
const record = (count: number, prompt: string | null = null) =>
  ledger.record(refusedRow(AT + count, { cost: nanoUsd(prompt === null ? 5 : 0), outcome: 'ok', prompt }))
for (let count = 0; count < 10; count += 1) await record(count)
const tooMany = Array.from({ length: 64 }, (_, count) => record(100 + count, 'word '.repeat(1_600)))
const failed = (await Promise.allSettled(tooMany)).filter(({ status }) => status === 'rejected')
if (failed.length < tooMany.length) throw new Error('there was room for all of it')
await record(200)
process.stdout.write(String(11 * 5), () => process.kill(process.pid, 'SIGKILL'))
