import { requestId } from '../../src/base/ids.ts'
import { nanoUsd } from '../../src/base/money.ts'
import type { Budget, Window } from '../../src/budget/budget.ts'
import type { Closing, OpenRow, Row } from '../../src/ledger/row.ts'

/** A row as opened by a request of team `research`, key `ci`. */
export function openRow(at: number, changes: Partial<OpenRow> = {}): OpenRow {
  return {
    id: requestId(at),
    at,
    team: 'research',
    key: 'ci',
    endpoint: 'chat',
    stream: true,
    requestedModel: 'gpt-4o',
    class: 'stem_reasoning',
    confidence: 0.93,
    cause: 'model',
    evidence: '{"rules":[["stem.prove",2.1]],"logits":[3.1,0.2,-1],"read":[120,120]}',
    rulesVersion: '0123456789ab',
    weightsVersion: 'ba9876543210',
    conversation: '5f1d7a84db00d2fc',
    target: 'o1-mini',
    upstream: 'openai',
    prompt: null,
    ...changes,
  }
}

export function closing(cost: number, changes: Partial<Closing> = {}): Closing {
  return {
    outcome: 'ok',
    status: 200,
    errorCode: null,
    target: 'o1-mini',
    answeredModel: 'o1-mini-2024-09-12',
    upstream: 'openai',
    attempts: 1,
    adapted: 'max_tokens',
    inputTokens: 57,
    cachedTokens: 0,
    outputTokens: 412,
    reasoningTokens: 256,
    usageSource: 'reported',
    cost: nanoUsd(cost),
    baseline: nanoUsd(cost * 2),
    msToFirstByte: 312.5,
    msTotal: 1840.25,
    msProxy: 0.4,
    ...changes,
  }
}

/** The whole row of a request that never held money. */
export function refusedRow(at: number, changes: Partial<Row> = {}): Row {
  const nothing = { answeredModel: null, inputTokens: null, cachedTokens: null, outputTokens: null } as const
  return {
    ...openRow(at),
    ...closing(0, { outcome: 'refused', status: 429, errorCode: 'insufficient_quota', usageSource: 'none' }),
    ...nothing,
    reasoningTokens: null,
    held: nanoUsd(0),
    ...changes,
  }
}

/** A budget of the team, or of one of its keys. */
export function budget(limit: number, per: Window = 'total', key?: string, team = 'research'): Budget {
  const id = key === undefined ? `team:${team}/${per}` : `key:${team}/${key}/${per}`
  return { id, team, ...(key === undefined ? {} : { key }), limit: nanoUsd(limit), per }
}
