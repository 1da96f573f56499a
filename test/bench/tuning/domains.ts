import { join } from 'node:path'
import type { Weights } from '../../../src/classifier/model/weights.ts'
import { decodeWeights } from '../../../src/classifier/model/weights.ts'
import type { RuleBook } from '../../../src/classifier/rule.ts'
import { compileClassifier, readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { compare, type Pair } from '../../../src/tuning/compare.ts'
import { type LabelledPrompt, readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { type LabelledLesson, learn } from '../../../src/tuning/training/learn.ts'
import { featureTaker } from '../../../src/tuning/training/lesson.ts'
import { readRehearsal } from '../../../src/tuning/training/rehearsal.ts'
import { trainingRows } from '../../../src/tuning/training/training-rows.ts'
import { wordsOf } from '../../../src/tuning/trial.ts'

/**
 * What 200 labels of a new domain gain there and cost elsewhere: `node test/bench/tuning/domains.ts
 * [FILE.jsonl[.gz]…]`. The files are measured in addition to the shipped evaluation set; they are not used
 * for any choice.
 */
const DOMAINS = ['legal', 'farming']
const files = ['config/evaluation.jsonl', ...process.argv.slice(2)]

interface Ask extends LabelledLesson {
  readonly text: string
}

const book: RuleBook = readRuleBook('config/rules.yaml')
const base = readWeights('config/classifier.bin')
const featuresOf = featureTaker(base.salt)
const rehearsal = await readRehearsal('config/training', book, base.salt)
const promptsOf = (name: string) => readLabelledPrompts(join('test/bench/tuning', `${name}.jsonl`))

function judgeOf(weights: Weights) {
  const abstention = { abstainBelow: 0.5, abstainTo: 'language_heavy', remember: 0 } as const
  return compileClassifier('rules', { rules: book, weights, ...abstention })
}

function comparisonOf(prompts: readonly LabelledPrompt[], weights: Weights) {
  const [live, candidate] = [judgeOf(base), judgeOf(weights)]
  const pairs = prompts.map(
    ({ label, messages }): Pair => ({
      label,
      live: live.classify(messages).class,
      candidate: candidate.classify(messages).class,
    }),
  )
  return wordsOf(compare(pairs))
}

for (const domain of DOMAINS) {
  const rows = trainingRows(await promptsOf(`${domain}-labels`), book)
  const labels = rows.map(
    ({ text, label }, index): Ask => ({ id: String(index), text, label, features: featuresOf(text) }),
  )
  const before = process.cpuUsage()
  const learnt = learn({
    base,
    labels,
    rehearsal: rehearsal.lessons,
    judgeWith: (weights) => {
      const { classify } = judgeOf(weights)
      return ({ text }) => classify([{ role: 'user', content: text }]).class
    },
  })
  const { user, system } = process.cpuUsage(before)
  const weights = decodeWeights(learnt.bytes)
  console.log(
    `${domain}: weights ${weights.version}, step ${learnt.step}, ${((user + system) / 1e6).toFixed(1)} s of CPU`,
  )
  console.log(`  left out: ${learnt.before.toFixed(3)} → ${learnt.after.toFixed(3)}`)
  console.log(`  other fields: ${comparisonOf(await promptsOf(`${domain}-held-out`), weights)}`)
  for (const file of files)
    console.log(`  ${file}: ${comparisonOf(await readLabelledPrompts(file), weights)}`)
}
