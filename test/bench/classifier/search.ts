import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileRules } from '../../../src/classifier/rules.ts'
import { readRuleBook } from '../../../src/config/classifier.ts'
import { readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { RECIPE, type Recipe } from '../../../src/tuning/training/regression.ts'
import { type LeftOut, train } from '../../../src/tuning/training/train.ts'
import { trainingRows } from '../../../src/tuning/training/training-rows.ts'
import { markdown } from '../proxy/figures.ts'

const USAGE = `Usage: node test/bench/classifier/search.ts [--derived FAMILY ...] [--only NAME ...] TRAINING.jsonl[.gz] ...

What each part of the recipe is worth on prompts that were left out: families of sources, and the prompts of our own by
their numbers. A line changes what it names and nothing else; each takes as long as \`trivium train\`. Half a minute a
line for 80,000 prompts.
`

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')

const VARIATIONS: Readonly<Record<string, Partial<Recipe>>> = {
  'as it ships': {},
  'own prompts counted once': { parallel: 1 },
  'own prompts counted twice': { parallel: 2 },
  'own prompts counted eight times': { parallel: 8 },
  'sources evened 0.4': { evenSources: 0.4 },
  'sources evened 0.8': { evenSources: 0.8 },
  'classes not evened within a language': { evenClassesOfLanguages: 0 },
  'classes evened within a language': { evenClassesOfLanguages: 1 },
  'no smoothing': { smoothing: 0 },
  'smoothing 0.2': { smoothing: 0.2 },
  'rate 0.07': { rate: 0.07 },
  'rate 0.3': { rate: 0.3 },
  '3 epochs': { epochs: 3 },
  '12 epochs': { epochs: 12 },
  'decay 1e-4': { decay: 1e-4 },
}

function means(leftOut: readonly LeftOut[], parallel: ReadonlySet<string>): readonly string[] {
  const mean = (families: readonly LeftOut[], figureOf: (family: LeftOut) => number) =>
    (families.reduce((sum, family) => sum + figureOf(family), 0) / Math.max(1, families.length)).toFixed(4)
  const others = leftOut.filter(({ family }) => !parallel.has(family))
  const own = leftOut.filter(({ family }) => parallel.has(family))
  return [
    mean(others, ({ accuracy }) => accuracy),
    mean(others, ({ macroF1 }) => macroF1),
    mean(own, ({ accuracy }) => accuracy),
  ]
}

async function run(
  files: readonly string[],
  derived: readonly string[],
  only: readonly string[],
): Promise<void> {
  const book = readRuleBook(join(CONFIG, 'rules.yaml'))
  const prompts = (await Promise.all(files.map(readLabelledPrompts))).flat()
  const rows = trainingRows(prompts, book)
  const parallel = new Set(rows.flatMap(({ source, number }) => (number === undefined ? [] : [source])))
  const rules = compileRules(book)
  const table = [['', 'families: accuracy', 'families: macro-F1', 'own prompts: accuracy', 'temperature']]
  for (const [name, change] of Object.entries(VARIATIONS)) {
    if (only.length > 0 && !only.includes(name)) continue
    const { report } = train({ rows, rules, derived: new Set(derived), recipe: { ...RECIPE, ...change } })
    table.push([name, ...means(report.leftOut, parallel), report.temperature.toFixed(3)])
    process.stderr.write(`${table.at(-1)?.join('  ')}\n`)
  }
  process.stdout.write(`${markdown(table)}\n`)
}

const { values, positionals } = parseArgs({
  options: { derived: { type: 'string', multiple: true }, only: { type: 'string', multiple: true } },
  allowPositionals: true,
})
if (positionals.length === 0) process.stdout.write(USAGE)
else await run(positionals, values.derived ?? [], values.only ?? [])
