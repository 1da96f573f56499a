import type { Message } from '../base/message.ts'
import type { Runtime } from './runtime.ts'
import type { Trip } from './trip.ts'

/** A request whose row is open, as far as the shadow cares. */
interface Judged extends Pick<Trip, 'evidence'> {
  readonly live: { readonly runtime: Pick<Runtime, 'shadow'> }
}

/**
 * What the shadow makes of a request that the classifier has judged, beside the evidence its row was opened with: JSON
 * with one more key, `shadow`. Nobody waits for it: the answer has been sent by then. Undefined where no shadow judges.
 */
export function secondOpinion({ live, evidence }: Judged, messages: readonly Message[]): string | undefined {
  const { shadow } = live.runtime
  if (shadow === undefined || evidence === null) return undefined
  const { class: promptClass, confidence, cause } = shadow.classify(messages)
  const { rulesVersion: rules_version, weightsVersion: weights_version } = shadow
  const opinion = { class: promptClass, confidence, cause, rules_version, weights_version }
  return `${evidence.slice(0, -1)},"shadow":${JSON.stringify(opinion)}}`
}
