import type { Message } from '../../base/message.ts'
import type { Ports } from '../ports.ts'
import type { Runtime } from '../runtime.ts'
import type { RoutedVerdict, Trip } from '../trip.ts'

/** What the shadow needs of a request whose row is open. */
interface Judged extends Pick<Trip, 'id' | 'evidence'> {
  readonly live: { readonly runtime: Pick<Runtime, 'shadow'> }
  readonly routed: Pick<RoutedVerdict, 'class'> | undefined
}

/** What the shadow classifier adds to a row. */
export interface SecondOpinion {
  /** The evidence the row was opened with, plus the key `shadow`. JSON. */
  readonly evidence: string
  /** Whether the shadow chose the same class. */
  readonly agrees: boolean
}

/**
 * The shadow's verdict on a request the classifier has judged, added to the evidence as `shadow`. It delays
 * nobody: the answer has already been sent. Undefined if there is no shadow or no verdict to compare with, and if
 * the shadow fails: money that waits to be settled must not hang on an onlooker.
 */
export function secondOpinion(
  { log }: Pick<Ports, 'log'>,
  { id, live, evidence, routed }: Judged,
  messages: readonly Message[],
): SecondOpinion | undefined {
  const { shadow } = live.runtime
  if (shadow === undefined || evidence === null) return undefined
  try {
    const { class: promptClass, confidence, cause } = shadow.classify(messages)
    const { rulesVersion: rules_version, weightsVersion: weights_version } = shadow
    const opinion = { class: promptClass, confidence, cause, rules_version, weights_version }
    return {
      evidence: `${evidence.slice(0, -1)},"shadow":${JSON.stringify(opinion)}}`,
      agrees: promptClass === routed?.class,
    }
  } catch (thrown) {
    log.error({ request: id, err: thrown }, 'the shadow classifier failed')
    return undefined
  }
}
