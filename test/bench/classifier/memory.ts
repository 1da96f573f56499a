import { join } from 'node:path'
import { createClassifier } from '../../../src/classifier/classifier.ts'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { markdown } from '../proxy/figures.ts'
import { variedPrompts } from './prompts.ts'

const USAGE = `Usage: node --expose-gc test/bench/classifier/memory.ts [DECISIONS]

Memory of a process over ten million decisions (or so many), each on words it has not seen, verdicts remembered as they
are when the program serves: resident memory, and what is alive after a collection.
`

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')
const STEPS = 10
const MIB = 2 ** 20

function run(decisions: number, collect: () => void): void {
  const classifier = createClassifier({
    rules: readRuleBook(join(CONFIG, 'rules.yaml')),
    weights: readWeights(join(CONFIG, 'classifier.bin')),
    abstainBelow: 0.5,
    abstainTo: 'language_heavy',
  })
  const prompts = variedPrompts(3_000)
  const rows = [['decisions', 'resident MiB', 'alive MiB', 'µs a decision']]
  let serial = 0
  for (let step = 0; step <= STEPS; step += 1) {
    const start = performance.now()
    const until = Math.round((decisions * step) / STEPS)
    const begun = serial
    for (; serial < until; serial += 1) {
      classifier.classify([{ role: 'user', content: `${prompts[serial % prompts.length]} ${serial}` }])
    }
    const each = serial === begun ? 0 : ((performance.now() - start) * 1000) / (serial - begun)
    collect()
    const { rss, heapUsed, external } = process.memoryUsage()
    rows.push([
      String(serial),
      (rss / MIB).toFixed(0),
      ((heapUsed + external) / MIB).toFixed(1),
      each.toFixed(1),
    ])
  }
  process.stdout.write(`${markdown(rows)}\n`)
}

const [decisions = '10000000'] = process.argv.slice(2)
if (globalThis.gc === undefined || !/^\d+$/.test(decisions)) process.stdout.write(USAGE)
else run(Number(decisions), globalThis.gc)
