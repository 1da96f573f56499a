import type { Endpoint } from '../../../src/base/endpoint.ts'
import { ZERO } from '../../../src/base/money.ts'
import type { PromptClass } from '../../../src/base/prompt-class.ts'
import type { Key } from '../../../src/flow/team.ts'
import type { RoutedVerdict } from '../../../src/flow/trip.ts'
import type { Closing } from '../../../src/ledger/row.ts'

export interface TripSample {
  readonly team?: string
  readonly class?: PromptClass | null
  readonly endpoint?: Endpoint
}

/** What is counted of a request before its end is known. */
export function trip({ team = 'research', class: road = 'language_heavy', endpoint = 'chat' }: TripSample) {
  const subject = { id: team, limits: {} }
  const key: Key = {
    id: 'ci',
    team: {
      name: team,
      budgets: [],
      subject,
      whenExhausted: 'refuse',
      minOutput: 256,
      models: undefined,
      routing: 'always',
      endpoints: new Set(),
      capture: 'none',
    },
    budgets: [],
    subject,
    expiresAt: undefined,
  }
  const routed: RoutedVerdict = { class: road, confidence: 0.9, cause: 'model', verdict: undefined }
  return { key, routed, endpoint }
}

/** The end of a request that went well. */
export function closing(given: Partial<Closing>): Closing {
  return {
    outcome: 'ok',
    status: 200,
    errorCode: null,
    target: 'gpt-4o',
    answeredModel: 'gpt-4o-2024-08-06',
    upstream: 'openai',
    attempts: 1,
    adapted: null,
    inputTokens: 11,
    cachedTokens: 0,
    outputTokens: 7,
    reasoningTokens: 0,
    usageSource: 'reported',
    cost: ZERO,
    baseline: null,
    msToFirstByte: 120,
    msTotal: 480,
    msProxy: 0.4,
    ...given,
  }
}
