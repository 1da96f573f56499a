import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { requestId } from '../../../src/base/ids.ts'
import type { Message } from '../../../src/base/message.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import { keepPrompt } from '../../../src/capture/keep.ts'
import type { CaptureMode } from '../../../src/capture/mode.ts'
import { compileRedaction } from '../../../src/capture/redaction.ts'
import { createClassifier } from '../../../src/classifier/classifier.ts'
import { replay } from '../../../src/cli/replay.ts'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { prepareStatements } from '../../../src/ledger/sqlite/statements.ts'
import { readChatRequest } from '../../../src/routing/chat-request.ts'
import { needsOf } from '../../../src/routing/needs.ts'
import { readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { closing, openRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { variedPrompts } from '../classifier/prompts.ts'
import { markdown } from '../proxy/figures.ts'

const USAGE = `Usage: node test/bench/replay/run.ts [LABELLED.jsonl[.gz]] [--rows 100000]

CPU time of \`trivium replay --json\` over a file of so many rows, for each capture mode that can be replayed: all of it,
reading the store included, but for what a run over no rows costs: reading the configuration and, but for the first run
ever, rules that were compiled before. Verdicts must be the recorded ones, bit for bit. Without a file, prompts are made up, every one of them different.
`

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')
const MODES = ['features', 'excerpt', 'full'] as const

const classifier = createClassifier({
  rules: readRuleBook(join(CONFIG, 'rules.yaml')),
  weights: readWeights(join(CONFIG, 'classifier.bin')),
  abstainBelow: 0.5,
  abstainTo: 'language_heavy',
  remember: 0,
})
const redact = compileRedaction([])

function fill(
  file: string,
  mode: Exclude<CaptureMode, 'none'>,
  asks: readonly (readonly Message[])[],
  rows: number,
) {
  const store = openStore(file)
  const statements = prepareStatements(store.database)
  const now = Date.now() - rows
  store.database.exec('BEGIN')
  for (let index = 0; index < rows; index += 1) {
    const messages = asks[index % asks.length] ?? []
    const body = Buffer.from(JSON.stringify({ model: 'auto', messages }))
    const needs = needsOf(readChatRequest(body), body.length)
    const recording = classifier.record(messages)
    const verdict = classifier.classify(messages)
    const first = { stem_reasoning: 'o1-mini', factual_recall: 'gpt-4o-mini', language_heavy: 'gpt-4o' }[
      verdict.class
    ]
    const row = openRow(now + index, {
      id: requestId(now + index),
      class: verdict.class,
      confidence: verdict.confidence,
      cause: verdict.cause,
      evidence: JSON.stringify(verdict.evidence),
      rulesVersion: classifier.rulesVersion,
      weightsVersion: classifier.weightsVersion,
      target: first,
      prompt: keepPrompt(mode, { messages, recording, needs, first, byPrice: false }, redact),
    })
    statements.insertClosed((now + index) * 1024, {
      ...row,
      ...closing(250_000, { target: first }),
      held: nanoUsd(0),
    })
  }
  store.database.exec('COMMIT')
  store.close()
}

async function replayed(
  file: string,
  team: string,
): Promise<{ readonly seconds: number; readonly report: Report }> {
  const stdout = new PassThrough()
  const printed = text(stdout)
  const before = process.cpuUsage()
  const args = ['--store', file, '--config', join(file, '..', 'trivium.yaml'), '--json', '--team', team]
  await replay.run(args, { stdin: new PassThrough(), stdout, stderr: new PassThrough().resume(), env: {} })
  const { user, system } = process.cpuUsage(before)
  stdout.end()
  return { seconds: (user + system) / 1e6, report: JSON.parse(await printed) }
}

interface Report {
  readonly rows: number
  readonly identical: number
  readonly by: Readonly<Record<string, number>>
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '100000' }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  process.stdout.write(USAGE)
} else {
  const rows = Number(values.rows)
  const [labelled] = positionals
  const asks: readonly (readonly Message[])[] =
    labelled === undefined
      ? variedPrompts(rows).map((content) => [{ role: 'user', content }])
      : (await readLabelledPrompts(labelled)).map(({ messages }) => messages)
  const directory = temporaryDirectory()
  const written = readFileSync(join(CONFIG, 'trivium.yaml'), 'utf8')
  const elsewhere = written.replace('data/trivium.db', join(directory.path, 'trivium.db'))
  writeFileSync(join(directory.path, 'trivium.yaml'), elsewhere)
  const lines: string[][] = []
  for (const mode of MODES) {
    const file = join(directory.path, `${mode}.db`)
    fill(file, mode, asks, rows)
    await replayed(file, 'nobody')
    const empty = await replayed(file, 'nobody')
    const whole = await replayed(file, 'research')
    const { report } = whole
    if (report.rows !== rows || report.identical !== rows)
      throw new Error(`${mode}: ${report.identical} of ${report.rows} are identical`)
    const seconds = whole.seconds - empty.seconds
    const by = Object.entries(report.by).map(([name, count]) => `${name} ${count}`)
    lines.push([
      mode,
      by.join(', '),
      seconds.toFixed(2),
      (rows / seconds).toFixed(0),
      empty.seconds.toFixed(2),
    ])
  }
  directory.dispose()
  const heading = ['capture', 'decided again by', 's CPU', 'rows/s', 's before the first row']
  process.stdout.write(`${markdown([heading, ...lines])}\n`)
}
