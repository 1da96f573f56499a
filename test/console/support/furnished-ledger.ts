import { join } from 'node:path'
import { requestId } from '../../../src/base/ids.ts'
import { nanoUsd, ZERO } from '../../../src/base/money.ts'
import type { PromptClass } from '../../../src/base/prompt-class.ts'
import { keepPrompt } from '../../../src/capture/keep.ts'
import { needsAgain } from '../../../src/capture/kept-needs.ts'
import { compileRedaction } from '../../../src/capture/redaction.ts'
import { readConfiguration } from '../../../src/config/configuration.ts'
import { openLabelBook } from '../../../src/ledger/sqlite/label-book.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { prepareStatements } from '../../../src/ledger/sqlite/statements.ts'
import { costOf } from '../../../src/pricing/cost.ts'
import { type Random, randomFrom } from '../../../src/simulator/random.ts'
import { type LabelledPrompt, readLabelledPrompts } from '../../../src/tuning/labelled/labelled-prompts.ts'
import { closing, openRow, refusedRow } from '../../support/ledger-rows.ts'

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')
const HOUR_MS = 3_600_000
/** Languages whose script every machine has a font for. */
const DRAWN = new Set(['en', 'fr', 'de', 'es', 'it', 'nl', 'pt', 'tr'])
const FIRST: Readonly<Record<PromptClass, string>> = {
  stem_reasoning: 'o1-mini',
  factual_recall: 'gpt-4o-mini',
  language_heavy: 'gpt-4o',
}
const KEYS: readonly (readonly [string, string])[] = [
  ['research', 'notebooks'],
  ['research', 'ci'],
  ['support', 'helpdesk'],
  ['studio', 'editors'],
]

export interface Furnishing {
  /** The configuration whose prices and rules apply. */
  readonly config: string
  readonly file: string
  readonly rows: number
  readonly days: number
  /** Share of the rows that are labelled. */
  readonly labelled: number
}

/**
 * Writes a ledger like one after weeks of use: prompts in eight languages, more by day than by night, at real
 * prices, some refused, broken off or labelled. The numbers are the same each time; times end now. Opens
 * no listener. Returns the id of the newest answered request.
 */
export async function furnishLedger({ config, file, rows, days, labelled }: Furnishing): Promise<string> {
  const { runtime } = readConfiguration(config, {})
  const { classifier } = runtime
  const prompts = (await readLabelledPrompts(join(CONFIG, 'evaluation.jsonl'))).filter(({ lang }) =>
    DRAWN.has(lang),
  )
  const random = randomFrom(7)
  const redact = compileRedaction([])
  const store = openStore(file)
  const statements = prepareStatements(store.database)
  let newest = ''
  const labels: { id: string; label: PromptClass; at: number }[] = []
  store.database.exec('BEGIN')
  for (const [index, at] of moments(random, rows, days).entries()) {
    const prompt = pick(random, prompts)
    const [team, key] = pick(random, KEYS)
    const verdict = classifier.classify(prompt.messages)
    const first = FIRST[verdict.class]
    const needs = needsAgain({
      for: [],
      bytes: JSON.stringify(prompt.messages).length,
      messages: prompt.messages.length,
    })
    const recording = classifier.record(prompt.messages)
    const judged = {
      id: requestId(at),
      at,
      team,
      key,
      endpoint: random() < 0.85 ? 'chat' : 'responses',
      stream: random() < 0.6,
      requestedModel: random() < 0.5 ? 'gpt-4o' : 'auto',
      class: verdict.class,
      confidence: verdict.confidence,
      cause: verdict.cause,
      evidence: JSON.stringify(verdict.evidence),
      rulesVersion: classifier.rulesVersion,
      weightsVersion: classifier.weightsVersion,
      conversation: (index % 211).toString(16).padStart(16, '0'),
      target: first,
      prompt: keepPrompt(
        'excerpt',
        { messages: prompt.messages, recording, needs, first, byPrice: false },
        redact,
      ),
    }
    const row =
      random() < 0.02
        ? refusedRow(at, judged)
        : { ...openRow(at, judged), ...answered(random, prompt, first) }
    // Row ids are derived from the time, 1,024 per millisecond.
    statements.insertClosed(at * 1024 + (index % 1024), row)
    if (row.outcome === 'ok') newest = row.id
    if (random() < labelled) labels.push({ id: row.id, label: prompt.label, at: at + 60_000 })
  }
  store.database.exec('COMMIT')
  store.close()
  const book = openLabelBook(file)
  for (const label of labels) await book.label({ ...label, who: 'ada' })
  await book.close()
  return newest

  /** How such a request ends on this model, and what it costs. */
  function answered(random: Random, prompt: LabelledPrompt, model: string) {
    const at = Date.now()
    const fate = random()
    const outcome =
      fate < 0.01 ? 'broken' : fate < 0.02 ? 'client_left' : fate < 0.03 ? 'upstream_error' : 'ok'
    const reasoning = model === 'o1-mini' ? Math.round(200 + random() * 2_400) : 0
    const input = 40 + Math.round(JSON.stringify(prompt.messages).length / 4 + random() * 900)
    const usage = {
      inputTokens: input,
      cachedTokens: random() < 0.15 ? Math.floor(input / 2) : 0,
      cacheWriteTokens: 0,
      outputTokens: reasoning + Math.round(60 + random() ** 2 * 1_400),
      reasoningTokens: reasoning,
    }
    const priceOn = (name: string) => {
      const price = runtime.prices.priceOf(name, at)
      return price === undefined ? ZERO : costOf(usage, price)
    }
    const toFirstByte = 180 + random() ** 3 * 2_400 + reasoning * 1.5
    return {
      ...closing(0, {
        outcome,
        status: outcome === 'upstream_error' ? 502 : 200,
        errorCode: outcome === 'upstream_error' ? 'upstream_error' : null,
        target: model,
        answeredModel: model,
        adapted: model === 'o1-mini' ? 'max_tokens' : null,
        inputTokens: usage.inputTokens,
        cachedTokens: usage.cachedTokens,
        outputTokens: usage.outputTokens,
        reasoningTokens: usage.reasoningTokens,
        cost: priceOn(model),
        baseline: priceOn('gpt-4o'),
        msToFirstByte: toFirstByte,
        msTotal: toFirstByte + usage.outputTokens * 9,
        msProxy: 0.3 + random() * 0.6,
      }),
      held: nanoUsd(3 * priceOn(model)),
    }
  }
}

/** `rows` times up to a minute ago, oldest first; early afternoons have about four times as many as nights. */
function moments(random: Random, rows: number, days: number): readonly number[] {
  const end = Date.now() - 60_000
  const found: number[] = []
  while (found.length < rows) {
    const at = Math.floor(end - random() * days * 24 * HOUR_MS)
    const hour = (at / HOUR_MS) % 24
    if (random() < 0.25 + 0.75 * Math.exp(-(((hour - 14) / 4) ** 2))) found.push(at)
  }
  return found.sort((a, b) => a - b)
}

function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)]
  if (picked === undefined) throw new RangeError('there is nothing to pick from')
  return picked
}
