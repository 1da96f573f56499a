import { parseArgs } from 'node:util'
import { crashRounds, type RoundResult } from './rounds.ts'

/**
 * `node test/bench/crash/run.ts [--rounds 20] [--per-second 200] [--ms 1500]`: kills the program under load
 * and, after each restart, compares what the upstream saw with the ledger. Exits with 1 if they differ.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    'per-second': { type: 'string', default: '200' },
    ms: { type: 'string', default: '1500' },
  },
})

function isGood(result: RoundResult): boolean {
  const { withoutRow, withTwoRows, open, rowsNusd, balanceNusd } = result
  return withoutRow + withTwoRows + open === 0 && rowsNusd === balanceNusd
}

const results = await crashRounds({
  rounds: Number(values.rounds),
  perSecond: Number(values['per-second']),
  forMs: Number(values.ms),
  onRound: (result) => console.log(JSON.stringify(result)),
})
const sum = (of: (result: RoundResult) => number) => results.reduce((total, result) => total + of(result), 0)
console.log(`
kills                                 ${results.length}
requests the upstream saw             ${sum(({ seen }) => seen)}
of them without a row, with two       ${sum((r) => r.withoutRow)}, ${sum((r) => r.withTwoRows)}
rows settled at their bound           ${results.at(-1)?.unsettled ?? 0}
rows left open                        ${sum(({ open }) => open)}
restarts with balance ≠ Σ rows        ${results.filter((r) => r.rowsNusd !== r.balanceNusd).length}`)
process.exitCode = results.every(isGood) ? 0 : 1
