import { join, resolve } from 'node:path'
import type { Message } from '../../../src/base/message.ts'
import type { createClassifier } from '../../../src/classifier/classifier.ts'
import type { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { markdown } from '../proxy/figures.ts'
import { createPrompts, SERIAL_DIGITS } from '../proxy/prompts.ts'

const USAGE = `Usage: node test/bench/classifier/in-situ.ts [CHECKOUT ...]

Time per decision on prompts of 1 KB that were never seen before: one after the other, and as in a running program, where
other work takes the processor's caches in between. Other checkouts of this project take turns with this one, each prompt
in every checkout. Medians, which other programs on the machine disturb least.
`

const HERE = join(import.meta.dirname, '..', '..', '..')
const WARM_UP = 8_000
const DECISIONS = 4_000
/** More than a core's own caches hold. */
const OTHER_BYTES = 3 * 2 ** 20
const CACHE_LINE = 64

interface Contestant {
  readonly name: string
  classify(messages: readonly Message[]): unknown
  readonly alone: number[]
  readonly inSitu: number[]
}

async function contestantIn(folder: string): Promise<Contestant> {
  const classifier: { createClassifier: typeof createClassifier } = await import(
    join(folder, 'src/classifier/classifier.ts')
  )
  const files: { readRuleBook: typeof readRuleBook; readWeights: typeof readWeights } = await import(
    join(folder, 'src/config/classifier.ts')
  )
  const { classify } = classifier.createClassifier({
    rules: files.readRuleBook(join(folder, 'config/rules.yaml')),
    weights: files.readWeights(join(folder, 'config/classifier.bin')),
    abstainBelow: 0.5,
    abstainTo: 'language_heavy',
  })
  return { name: folder === HERE ? 'this checkout' : folder, classify, alone: [], inSitu: [] }
}

const bodies = createPrompts(600, false, 1024)
let serial = 0

/** The next conversation, read anew for every contestant, as each request is. */
function* asked(times: number): Generator<readonly Message[]> {
  serial += 1
  const { body, serialAt } = bodies[serial % bodies.length] ?? { body: Buffer.alloc(0), serialAt: 0 }
  body.write(String(serial).padStart(SERIAL_DIGITS, '0'), serialAt, 'latin1')
  for (let time = 0; time < times; time += 1) yield JSON.parse(body.toString()).messages
}

const others = new Uint8Array(OTHER_BYTES)

/** Touches as much memory as the rest of a request does, and runs code that has nothing to do with verdicts. */
function doOtherWork(): void {
  JSON.stringify(JSON.parse(`{"id":${serial},"n${serial % 50}":[null,{"text":"${serial}"}]}`))
  for (let at = 0; at < OTHER_BYTES; at += CACHE_LINE) others[at] = (others[at] ?? 0) + 1
}

function race(
  contestants: readonly Contestant[],
  between: () => void,
  timesOf: (one: Contestant) => number[],
) {
  for (let count = 0; count < DECISIONS; count += 1) {
    const turn = contestants.map((_, index) => contestants[(count + index) % contestants.length])
    const prompts = asked(contestants.length)
    for (const contestant of turn) {
      const { value: messages } = prompts.next()
      if (contestant === undefined || messages === undefined) continue
      between()
      const start = performance.now()
      contestant.classify(messages)
      timesOf(contestant).push((performance.now() - start) * 1_000)
    }
  }
}

function quartiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * sorted.length)] ?? 0).toFixed(1)
  return `${at(0.5)} [${at(0.25)}..${at(0.75)}]`
}

async function run(folders: readonly string[]): Promise<void> {
  const contestants: Contestant[] = []
  for (const folder of [HERE, ...folders.map((other) => resolve(other))])
    contestants.push(await contestantIn(folder))
  for (const { classify } of contestants)
    for (let count = 0; count < WARM_UP; count += 1) for (const messages of asked(1)) classify(messages)
  race(contestants, doOtherWork, ({ inSitu }) => inSitu)
  race(
    contestants,
    () => {},
    ({ alone }) => alone,
  )
  const rows = contestants.map((one) => [one.name, quartiles(one.alone), quartiles(one.inSitu)])
  const head = ['µs a decision', 'one after the other', 'after other work']
  process.stdout.write(`${markdown([head, ...rows])}\n`)
}

if (process.argv.includes('--help')) process.stdout.write(USAGE)
else await run(process.argv.slice(2))
