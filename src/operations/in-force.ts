import type { Abstention } from '../classifier/verdict.ts'
import type { Configuration } from '../config/configuration.ts'

/** What classifies requests now, and where its files are. */
export interface InForce extends Abstention {
  /** Folder of the candidates. */
  readonly candidates: string
  /** The promoted candidate; null means the configuration's own files. */
  readonly version: string | null
  readonly rulesVersion: string
  readonly weightsVersion: string
  readonly rulesFile: string
  readonly weightsFile: string
  /** The configuration itself names the shadow. */
  readonly shadowIsOwn: boolean
  /** For rules without their own thresholds. */
  readonly configured: Abstention
}

/** The configuration's thresholds apply if the rules in force have none. */
export function inForceOf({ config, runtime }: Configuration): InForce {
  const { candidates, version, live, shadowIsOwn } = config.tuning
  const { abstain_below: abstainBelow, abstain_to: abstainTo } = config.settings.classifier
  const { rulesVersion, weightsVersion, abstention } = runtime.classifier
  return {
    candidates,
    version,
    rulesVersion,
    weightsVersion,
    rulesFile: live.rules,
    weightsFile: live.weights,
    shadowIsOwn,
    ...abstention,
    configured: { abstainBelow, abstainTo },
  }
}
