import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Message } from '../../../src/base/message.ts'
import { createClassifier } from '../../../src/classifier/classifier.ts'
import { excerptOf } from '../../../src/classifier/conversation/excerpt.ts'
import { compileRules } from '../../../src/classifier/rules.ts'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { markdown } from '../proxy/figures.ts'
import { longTexts, variedPrompts } from './prompts.ts'

const USAGE = `Usage: node test/bench/classifier/run.ts [LABELLED.jsonl[.gz]]

Time per decision with no verdict remembered: in a process that has decided nothing yet, on prompts new to a process
that has decided others (once each, and the median of several), on prompts it has seen, and on texts of 100 kB. Without a
file, prompts are made up.
`

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')
const PROMPTS = 3_000
const SEEN_PASSES = 5
/** Odd. A median leaves out what interrupts a decision: other programs, collecting garbage. */
const VARIANTS = 9

/** Microseconds of single decisions, by what was measured. */
type Times = Readonly<Record<string, readonly number[]>>

type Conversation = readonly Message[]

async function promptsOf(file: string | undefined): Promise<readonly Conversation[]> {
  if (file !== undefined) return (await readLabelledPrompts(file)).map(({ messages }) => messages)
  return variedPrompts(PROMPTS).map((content) => [{ role: 'user', content }])
}

function timed<Input>(inputs: readonly Input[], decide: (input: Input) => unknown): readonly number[] {
  return inputs.map((input) => {
    const start = performance.now()
    decide(input)
    return (performance.now() - start) * 1_000
  })
}

function withLastWords(messages: Conversation, words: string): Conversation {
  const last = messages.at(-1)
  if (typeof last?.content !== 'string') return messages
  return [...messages.slice(0, -1), { ...last, content: last.content + words }]
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? 0
}

/** Everything that can be measured only in a process that has made no decision yet. */
function measure(prompts: readonly Conversation[], what: 'decision' | 'rules'): Times {
  const start = performance.now()
  const book = readRuleBook(join(CONFIG, 'rules.yaml'))
  const read = performance.now()
  const classifier = createClassifier({
    rules: book,
    weights: readWeights(join(CONFIG, 'classifier.bin')),
    abstainBelow: 0.5,
    abstainTo: 'language_heavy',
    remember: 0,
  })
  const ready = performance.now()
  const rules = compileRules(book)
  const lastText = (messages: Conversation) => {
    const content = messages.findLast(({ role }) => role === 'user')?.content
    return excerptOf(typeof content === 'string' ? content : '')
  }
  const decide = (messages: Conversation) =>
    what === 'decision' ? classifier.classify(messages) : rules.fired(lastText(messages))
  // Alternating prompts, so that both halves are alike.
  const some = prompts.filter((_, index) => index % 2 === 0)
  const others = prompts.filter((_, index) => index % 2 === 1)
  const fresh = timed(some, decide)
  const unseen = timed(others, decide)
  for (let pass = 1; pass < SEEN_PASSES; pass += 1) timed(prompts, decide)
  const variants = Array.from({ length: VARIANTS }, (_, at) =>
    timed(
      prompts.map((messages) => withLastWords(messages, ` ${at}`)),
      decide,
    ),
  )
  const typical = prompts.map((_, index) => median(variants.map((times) => times[index] ?? 0)))
  const times: Record<string, readonly number[]> = {
    [`${what}, first ones of a process`]: fresh,
    [`${what}, new prompts`]: unseen,
    [`${what}, new prompts, each the median of ${VARIANTS} with different last words`]: typical,
    [`${what}, prompts seen before`]: timed(prompts, decide),
  }
  for (const [name, text] of longTexts()) {
    const messages = Array.from({ length: 300 }, () => [{ role: 'user', content: text }])
    times[`${what}, ${name}`] = timed(messages, decide).slice(100)
  }
  if (what === 'decision') {
    times['reading and checking the rules'] = [(read - start) * 1_000]
    times['compiling rules and weights'] = [(ready - read) * 1_000]
  }
  return times
}

function rowOf(name: string, times: readonly number[]): readonly string[] {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  return [name, at(0.5), at(0.99), mean.toFixed(1), at(1)]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
})
const [file] = positionals
if (values.help) {
  process.stdout.write(USAGE)
} else if (values.only === 'decision' || values.only === 'rules') {
  for (const [name, times] of Object.entries(measure(await promptsOf(file), values.only))) {
    process.stdout.write(`${JSON.stringify(rowOf(name, times))}\n`)
  }
} else {
  const rows = ['decision', 'rules'].flatMap((what) => {
    const args = [import.meta.filename, '--only', what, ...positionals]
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    process.stderr.write(stderr)
    return stdout
      .trim()
      .split('\n')
      .map((line): readonly string[] => JSON.parse(line))
  })
  process.stdout.write(`${markdown([['µs', 'p50', 'p99', 'mean', 'max'], ...rows])}\n`)
}
