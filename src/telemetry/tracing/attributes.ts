import type { Attributes } from '@opentelemetry/api'
import type { Endpoint } from '../../base/endpoint.ts'
import { formatUsd } from '../../base/money.ts'
import type { Trip } from '../../flow/trip.ts'
import type { Closing } from '../../ledger/row.ts'

/** OpenTelemetry's names of operations; other endpoints keep ours, as its conventions allow. */
const OPERATIONS: Partial<Record<Endpoint, string>> = {
  chat: 'chat',
  responses: 'chat',
  completions: 'text_completion',
}

/**
 * The name that the conventions for generative AI have for an endpoint's operation, else the endpoint's own.
 */
export function operationOf(endpoint: Endpoint): string {
  return OPERATIONS[endpoint] ?? endpoint
}

/** For the whole request, once it is over. */
export function requestAttributes(trip: Trip, closing: Closing): Attributes {
  const { key, routed } = trip
  return {
    'http.response.status_code': closing.status,
    'trivium.request.id': trip.id,
    'trivium.team': key?.team.name,
    'trivium.key': key?.id,
    'trivium.class': routed?.class ?? undefined,
    'trivium.confidence': routed?.confidence ?? undefined,
    'trivium.cause': routed?.cause,
    'trivium.adapted': closing.adapted ?? undefined,
    'trivium.attempts': closing.attempts,
    'trivium.outcome': closing.outcome,
    'trivium.usage_source': closing.usageSource,
    'trivium.cost_usd': Number(formatUsd(closing.cost)),
    'error.type': closing.errorCode ?? undefined,
  }
}

/** For the attempt that answered, once its answer is over. Unknown counts are omitted. */
export function answerAttributes(trip: Trip, closing: Closing): Attributes {
  const { dispatchedAt, firstByteAt } = trip
  const isTimed = trip.stream && dispatchedAt !== undefined && firstByteAt !== undefined
  return {
    'gen_ai.response.model': closing.answeredModel ?? undefined,
    'gen_ai.usage.input_tokens': closing.inputTokens ?? undefined,
    'gen_ai.usage.output_tokens': closing.outputTokens ?? undefined,
    'gen_ai.usage.cache_read.input_tokens': closing.cachedTokens ?? undefined,
    'gen_ai.usage.reasoning.output_tokens': closing.reasoningTokens ?? undefined,
    'gen_ai.response.time_to_first_chunk': isTimed ? (firstByteAt - dispatchedAt) / 1000 : undefined,
  }
}
