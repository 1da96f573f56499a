import type { Message } from '../base/message.ts'
import type { Trip } from './trip.ts'

/**
 * What the shadow makes of a request that the classifier has judged, beside the evidence its row was opened with: JSON
 * with one more key, `shadow`. Nobody waits for it: the answer has been sent by then. Undefined where no shadow judges.
 */
export function secondOpinion(trip: Trip, messages: readonly Message[]): string | undefined {
  const { shadow } = trip.live.runtime
  const { evidence } = trip
  if (shadow === undefined || evidence === null) return undefined
  const { class: promptClass, confidence, cause } = shadow.classify(messages)
  const { rulesVersion: rules_version, weightsVersion: weights_version } = shadow
  const opinion = { class: promptClass, confidence, cause, rules_version, weights_version }
  return `${evidence.slice(0, -1)},"shadow":${JSON.stringify(opinion)}}`
}
