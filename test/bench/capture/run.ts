import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Message } from '../../../src/base/message.ts'
import { keepPrompt } from '../../../src/capture/keep.ts'
import { CAPTURE_MODES, type CaptureMode } from '../../../src/capture/mode.ts'
import { compileRedaction } from '../../../src/capture/redaction.ts'
import { createClassifier } from '../../../src/classifier/classifier.ts'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { readChatRequest } from '../../../src/routing/chat-request.ts'
import { type Needs, needsOf } from '../../../src/routing/needs.ts'
import { readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { longTexts, variedPrompts } from '../classifier/prompts.ts'
import { markdown } from '../proxy/figures.ts'

const USAGE = `Usage: node test/bench/capture/run.ts [LABELLED.jsonl[.gz]]

What each capture mode costs a request, in microseconds of CPU beside its verdict, and how many bytes a row grows by.
Modes take turns, so that all see the same machine. Without a file, prompts are made up.
`

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')
const ROUNDS = 7

const classifier = createClassifier({
  rules: readRuleBook(join(CONFIG, 'rules.yaml')),
  weights: readWeights(join(CONFIG, 'classifier.bin')),
  abstainBelow: 0.5,
  abstainTo: 'language_heavy',
})
const redact = compileRedaction([])

interface Request {
  readonly messages: readonly Message[]
  readonly needs: Needs
}

function requestOf(messages: readonly Message[]): Request {
  const body = Buffer.from(JSON.stringify({ model: 'auto', messages }))
  return { messages, needs: needsOf(readChatRequest(body), body.length) }
}

/** What the request path does for a row's prompt. */
function capture(mode: CaptureMode, { messages, needs }: Request): string | null {
  if (mode === 'none') return null
  const recording = classifier.record(messages)
  return keepPrompt(mode, { messages, recording, needs, first: 'gpt-4o-mini', byPrice: false }, redact)
}

interface Figures {
  readonly microseconds: number[]
  bytes: number
}

function measure(requests: readonly Request[]): ReadonlyMap<CaptureMode, Figures> {
  const figures = new Map(CAPTURE_MODES.map((mode) => [mode, { microseconds: [] as number[], bytes: 0 }]))
  for (const { messages } of requests) classifier.classify(messages)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [mode, figure] of figures) {
      const before = process.cpuUsage()
      let bytes = 0
      for (const request of requests) bytes += capture(mode, request)?.length ?? 0
      const { user, system } = process.cpuUsage(before)
      // The first rounds are JIT warm-up.
      if (round > 1) figure.microseconds.push((user + system) / requests.length)
      figure.bytes = bytes / requests.length
    }
  }
  return figures
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
})
if (values.help) {
  process.stdout.write(USAGE)
} else {
  const [file] = positionals
  const asks: readonly (readonly Message[])[] =
    file === undefined
      ? variedPrompts(3_000).map((content) => [{ role: 'user', content }])
      : (await readLabelledPrompts(file)).map(({ messages }) => messages)
  const sets: [string, readonly (readonly Message[])[]][] = [
    ['prompts', asks],
    [
      'prompts with an e-mail',
      asks.map((messages) => [
        ...messages,
        { role: 'user', content: `${messages.at(-1)?.content} (me@example.com)` },
      ]),
    ],
    ...[...longTexts()].map(([name, content]): [string, readonly (readonly Message[])[]] => [
      name,
      Array.from({ length: 200 }, () => [{ role: 'user', content }]),
    ]),
  ]
  const rows = sets.flatMap(([name, conversations]) =>
    [...measure(conversations.map(requestOf))].map(([mode, { microseconds, bytes }]) => [
      name,
      mode,
      middleOf(microseconds).toFixed(1),
      bytes.toFixed(0),
    ]),
  )
  process.stdout.write(`${markdown([['prompts', 'mode', 'µs CPU a request', 'bytes a row'], ...rows])}\n`)
}
