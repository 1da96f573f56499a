import type { OpenRow } from '../ledger/row.ts'
import { evidenceOf } from './evidence.ts'
import type { Key } from './team.ts'
import type { Trip } from './trip.ts'

/** What a request's row says before any upstream is asked. */
export function openRow(trip: Trip, { id, team }: Key): OpenRow {
  const { routed } = trip
  const { classifier } = trip.live.runtime
  const verdict = routed?.verdict
  return {
    id: trip.id,
    at: trip.at,
    team: team.name,
    key: id,
    endpoint: trip.endpoint,
    stream: trip.stream,
    requestedModel: trip.requestedModel,
    class: routed?.class ?? null,
    confidence: routed?.confidence ?? null,
    cause: routed?.cause ?? null,
    evidence: evidenceOf(trip),
    rulesVersion: verdict === undefined ? null : classifier.rulesVersion,
    weightsVersion: verdict === undefined ? null : classifier.weightsVersion,
    conversation: trip.conversation,
    target: null,
    upstream: null,
    prompt: trip.prompt,
  }
}
