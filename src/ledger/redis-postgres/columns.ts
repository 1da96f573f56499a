import type { Closing, OpenRow, Row } from '../row.ts'

/**
 * The ledger's columns, under the names that `trivium ledger --json` prints, with their Postgres types. Money
 * is in nano-dollars, `at` in milliseconds since the epoch. Another column needs a migration step.
 */
export const COLUMNS = {
  id: 'text',
  at: 'bigint',
  team: 'text',
  key: 'text',
  endpoint: 'text',
  stream: 'boolean',
  requested_model: 'text',
  class: 'text',
  confidence: 'double precision',
  cause: 'text',
  evidence: 'text',
  rules_version: 'text',
  weights_version: 'text',
  conversation: 'text',
  target: 'text',
  answered_model: 'text',
  upstream: 'text',
  attempts: 'integer',
  adapted: 'text',
  status: 'integer',
  outcome: 'text',
  error_code: 'text',
  input_tokens: 'bigint',
  cached_tokens: 'bigint',
  output_tokens: 'bigint',
  reasoning_tokens: 'bigint',
  usage_source: 'text',
  cost_nusd: 'bigint',
  held_nusd: 'bigint',
  baseline_nusd: 'bigint',
  ms_to_first_byte: 'double precision',
  ms_total: 'double precision',
  ms_proxy: 'double precision',
  prompt: 'text',
  label: 'text',
  labelled_by: 'text',
} as const

type Column = keyof typeof COLUMNS
type Value = string | number | boolean | null
/** A row on its way to Postgres; an absent column is null. */
export type Line = Partial<Record<Column, Value>>

/** What is known of a row before its request is sent. */
export function openLine(row: OpenRow): Line {
  return {
    id: row.id,
    at: row.at,
    team: row.team,
    key: row.key,
    endpoint: row.endpoint,
    stream: row.stream,
    requested_model: storable(row.requestedModel),
    class: row.class,
    confidence: row.confidence,
    cause: storable(row.cause),
    evidence: storable(row.evidence),
    rules_version: row.rulesVersion,
    weights_version: row.weightsVersion,
    conversation: row.conversation,
    target: row.target,
    upstream: row.upstream,
    prompt: storable(row.prompt),
  }
}

/** Cost and held are not part of the line: only Redis knows them for certain, so Redis writes them. */
export function closingLine(closing: Closing): Line {
  return {
    outcome: closing.outcome,
    status: closing.status,
    error_code: closing.errorCode,
    target: closing.target,
    answered_model: storable(closing.answeredModel),
    upstream: closing.upstream,
    attempts: closing.attempts,
    adapted: storable(closing.adapted),
    input_tokens: closing.inputTokens,
    cached_tokens: closing.cachedTokens,
    output_tokens: closing.outputTokens,
    reasoning_tokens: closing.reasoningTokens,
    usage_source: closing.usageSource,
    baseline_nusd: closing.baseline,
    ms_to_first_byte: closing.msToFirstByte,
    ms_total: closing.msTotal,
    ms_proxy: closing.msProxy,
    ...(closing.fullerEvidence !== undefined && { evidence: storable(closing.fullerEvidence) }),
  }
}

/** A row that is opened and closed at once. */
export function wholeLine(row: Row): Line {
  return { ...openLine(row), ...closingLine(row) }
}

/** When a replica dies with a hold open, all that is known is that the request cost at most what it held. */
export const UNSETTLED: Line = { outcome: 'unsettled', usage_source: 'bound' }

/** Postgres text cannot hold NUL or a lone surrogate; clients may send both. */
function storable(text: string | null): string | null {
  return text?.toWellFormed().replaceAll('\0', '\ufffd') ?? null
}
