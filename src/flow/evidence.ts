import type { Candidate, Decision } from '../routing/decide.ts'
import type { Trip } from './trip.ts'

/** What stood against a target, as rows keep it. */
interface Objection {
  readonly model: string
  readonly upstream: string
  /** Whether it may serve all the same, after the others. */
  readonly in: boolean
  readonly why: string
}

/**
 * What spoke for the verdict, as JSON for the row; null where no classifier gave one. Targets that were passed over or put
 * last are named with the reason. Most requests have none, and their rows are no longer for it.
 */
export function evidenceOf({ routed, decision }: Pick<Trip, 'routed' | 'decision'>): string | null {
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
