import { join } from 'node:path'
import type { Message } from '../../../src/base/message.ts'
import { createClassifier } from '../../../src/classifier/classifier.ts'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { markdown } from '../proxy/figures.ts'
import {
  CASE_AND_SPACE,
  type Disturbance,
  FRAMEWORK_SCAFFOLDING,
  INTEGRATION_SCAFFOLDING,
  LATER_INTEGRATION_SCAFFOLDING,
  LATER_SCAFFOLDING,
  LATEST_INTEGRATION_SCAFFOLDING,
  SCAFFOLDING,
  SYSTEM,
  TYPED_NOISE,
  UNFORESEEN_SCAFFOLDING,
} from './disturbances.ts'

const USAGE = `Usage: node test/bench/classifier/robustness.ts LABELLED.jsonl[.gz]

How many verdicts on these prompts change by what should not change them: system prompts and tools around them, the
wrappings of agents and editors, mistyped letters, case and white space.
`

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')

const GROUPS: Readonly<
  Record<string, { readonly disturbances: readonly Disturbance[]; readonly atMost: number }>
> = {
  'system prompts and tools': { disturbances: SYSTEM, atMost: 0 },
  'scaffolding of agents': { disturbances: SCAFFOLDING, atMost: 0.01 },
  'scaffolding written after the peeling': { disturbances: UNFORESEEN_SCAFFOLDING, atMost: 0.01 },
  'scaffolding of frameworks': { disturbances: FRAMEWORK_SCAFFOLDING, atMost: 0.01 },
  'scaffolding of frameworks, written later': { disturbances: LATER_SCAFFOLDING, atMost: 0.01 },
  'scaffolding of integrations': { disturbances: INTEGRATION_SCAFFOLDING, atMost: 0.01 },
  'scaffolding of integrations, written later': { disturbances: LATER_INTEGRATION_SCAFFOLDING, atMost: 0.01 },
  'scaffolding of integrations, written last': { disturbances: LATEST_INTEGRATION_SCAFFOLDING, atMost: 0.01 },
  'typed noise': { disturbances: TYPED_NOISE, atMost: 0.03 },
  'case and white space': { disturbances: CASE_AND_SPACE, atMost: 0.03 },
}

async function run(file: string): Promise<void> {
  const classifier = createClassifier({
    rules: readRuleBook(join(CONFIG, 'rules.yaml')),
    weights: readWeights(join(CONFIG, 'classifier.bin')),
    abstainBelow: 0.5,
    abstainTo: 'language_heavy',
    remember: 0,
  })
  const prompts: readonly (readonly Message[])[] = (await readLabelledPrompts(file)).map(
    ({ messages }) => messages,
  )
  const verdicts = prompts.map((messages) => classifier.classify(messages).class)
  const changedBy = (disturbance: Disturbance) =>
    prompts.filter(
      (messages, place) => classifier.classify(disturbance.apply(messages, place)).class !== verdicts[place],
    ).length
  const rows = [['disturbance', 'verdicts', 'changed', 'share', 'at most']]
  for (const [group, { disturbances, atMost }] of Object.entries(GROUPS)) {
    let all = 0
    for (const disturbance of disturbances) {
      const changed = changedBy(disturbance)
      all += changed
      if (disturbances.length > 1 && changed > 0)
        rows.push([`  ${disturbance.name}`, String(prompts.length), ...share(changed, prompts.length), ''])
    }
    const count = prompts.length * disturbances.length
    rows.push([group, String(count), ...share(all, count), `${(atMost * 100).toFixed(0)} %`])
  }
  process.stdout.write(`${markdown(rows)}\n`)
}

function share(changed: number, of: number): readonly string[] {
  return [String(changed), `${((100 * changed) / of).toFixed(2)} %`]
}

const [file] = process.argv.slice(2)
if (file === undefined || file.startsWith('-')) process.stdout.write(USAGE)
else await run(file)
