import type { Candidate, Decision } from '../routing/decide.ts'
import type { Trip } from './trip.ts'

/** A reason against a target, as rows keep it. */
interface Objection {
  readonly model: string
  readonly upstream: string
  /** Whether it may still serve, after the others. */
  readonly in: boolean
  readonly why: string
}

/**
 * The evidence for the verdict as JSON for the row; null if no classifier gave one. Targets passed over or
 * put last are listed with the reason; most requests have none, so most rows carry no list. Written once for
 * each request.
 */
export function evidenceOf(trip: Pick<Trip, 'routed' | 'decision' | 'evidence'>): string | null {
  trip.evidence ??= written(trip)
  return trip.evidence
}

function written({ routed, decision }: Pick<Trip, 'routed' | 'decision'>): string | null {
  const verdict = routed?.verdict
  if (verdict === undefined) return null
  const { evidence } = verdict
  if (decision === undefined || isByRoute(decision)) return JSON.stringify(evidence)
  const objections = decision.considered.flatMap(objectionTo)
  return JSON.stringify({ ...evidence, passed_over: objections, reordered: decision.reordered })
}

function isByRoute({ considered, reordered }: Decision): boolean {
  return reordered === undefined && considered.every(isUnopposed)
}

function isUnopposed(candidate: Candidate): boolean {
  return candidate.in && candidate.doubt === undefined
}

function objectionTo(candidate: Candidate): readonly Objection[] {
  const { target } = candidate
  const why = candidate.in ? candidate.doubt : candidate.reason
  return why === undefined ? [] : [{ model: target.model, upstream: target.upstream, in: candidate.in, why }]
}
