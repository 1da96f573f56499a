import { z } from 'zod'
import { LedgerLine } from './line.ts'
import type { Row } from './row.ts'

/** A row as lists show it: without evidence, and with only the beginning of the stored prompt. */
export const ListedRow = LedgerLine.omit({ evidence: true, prompt: true }).extend({
  excerpt: z.string().nullable(),
})
export type ListedRow = z.infer<typeof ListedRow>

/** SQL: the columns of a listed row. */
export const LISTED_COLUMNS: readonly string[] = Object.keys(LedgerLine.shape).filter(
  (column) => column !== 'evidence',
)

const WithPrompt = LedgerLine.omit({ evidence: true })

/** Longer text is truncated. UTF-16 units. */
const MOST_SHOWN = 240

/** Extracts the readable text from a row's stored prompt. */
export type WordsOf = (prompt: string) => string | undefined

/** A listed row from the columns of the store. */
export function listedRow(columns: unknown, wordsOf: WordsOf): ListedRow {
  const { prompt, ...row } = WithPrompt.parse(columns)
  return { ...row, excerpt: excerptOf(prompt, wordsOf) }
}

/** The listed form of a whole row. */
export function listedOf({ evidence: _evidence, prompt, ...row }: LedgerLine, wordsOf: WordsOf): ListedRow {
  return { ...row, excerpt: excerptOf(prompt, wordsOf) }
}

/** The listed form of a request that has just ended. */
export function listedNow(row: Row, wordsOf: WordsOf): ListedRow {
  return {
    id: row.id,
    at: row.at,
    team: row.team,
    key: row.key,
    endpoint: row.endpoint,
    stream: row.stream,
    requested_model: row.requestedModel,
    class: row.class,
    confidence: row.confidence,
    cause: row.cause,
    rules_version: row.rulesVersion,
    weights_version: row.weightsVersion,
    conversation: row.conversation,
    target: row.target,
    answered_model: row.answeredModel,
    upstream: row.upstream,
    attempts: row.attempts,
    adapted: row.adapted,
    status: row.status,
    outcome: row.outcome,
    error_code: row.errorCode,
    input_tokens: row.inputTokens,
    cached_tokens: row.cachedTokens,
    output_tokens: row.outputTokens,
    reasoning_tokens: row.reasoningTokens,
    usage_source: row.usageSource,
    cost_nusd: row.cost,
    held_nusd: row.held,
    baseline_nusd: row.baseline,
    ms_to_first_byte: row.msToFirstByte,
    ms_total: row.msTotal,
    ms_proxy: row.msProxy,
    label: null,
    labelled_by: null,
    excerpt: excerptOf(row.prompt, wordsOf),
  }
}

function excerptOf(prompt: string | null, wordsOf: WordsOf): string | null {
  const words = prompt === null ? undefined : wordsOf(prompt)
  if (words === undefined) return null
  const line = words.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return line.length <= MOST_SHOWN ? line : `${line.slice(0, MOST_SHOWN).toWellFormed()}…`
}
