import type { Message } from '../base/message.ts'
import type { Runtime } from './runtime.ts'
import type { RoutedVerdict, Trip } from './trip.ts'

/** A request whose row is open, as far as the shadow cares. */
interface Judged extends Pick<Trip, 'evidence'> {
  readonly live: { readonly runtime: Pick<Runtime, 'shadow'> }
  readonly routed: Pick<RoutedVerdict, 'class'> | undefined
}

export interface SecondOpinion {
  /** The evidence the row was opened with, with one more key: JSON. */
  readonly evidence: string
  /** Whether the shadow is of the same mind about the class. */
  readonly agrees: boolean
}

/**
 * What the shadow makes of a request that the classifier has judged, put beside the evidence as `shadow`. Nobody waits for
 * it: the answer has been sent by then. Undefined where no shadow judges.
 */
export function secondOpinion(
  { live, evidence, routed }: Judged,
  messages: readonly Message[],
): SecondOpinion | undefined {
  const { shadow } = live.runtime
  if (shadow === undefined || evidence === null) return undefined
  const { class: promptClass, confidence, cause } = shadow.classify(messages)
  const { rulesVersion: rules_version, weightsVersion: weights_version } = shadow
  const opinion = { class: promptClass, confidence, cause, rules_version, weights_version }
  return {
    evidence: `${evidence.slice(0, -1)},"shadow":${JSON.stringify(opinion)}}`,
    agrees: promptClass === routed?.class,
  }
}
