import { parseArgs } from 'node:util'
import { FuzzFailure, fuzz } from './fuzz.ts'
import { TARGETS } from './targets.ts'

/**
 * `node --expose-gc test/bench/fuzz/run.ts [--cases 1000000] [--seed 1] [--only bodies|frames|yaml|headers]`:
 * generated cases for everything that parses untrusted input. Exits with 1 at the first case that crashes,
 * hangs or is read in two different ways, and names it.
 */
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
/** Processor time; no reader takes this long for 20 kB. */
const PATIENCE_MS = 10_000

for (const target of TARGETS) {
  if (values.only !== undefined && values.only !== target.name) continue
  try {
    const { cases, seconds, slowestMs, grownBytes } = fuzz(
      target,
      Number(values.cases),
      Number(values.seed),
      PATIENCE_MS,
    )
    const facts = [
      `${cases.toLocaleString('en-US')} cases in ${seconds.toFixed(0)} s`,
      `slowest ${slowestMs.toFixed(1)} ms`,
      `heap ${(grownBytes / 2 ** 20).toFixed(1)} MiB larger`,
    ]
    console.log(`${target.name}: ${facts.join(', ')}`)
  } catch (error) {
    if (!(error instanceof FuzzFailure)) throw error
    console.log(error.message)
    process.exitCode = 1
  }
}
