import type { Abstention } from '../classifier/verdict.ts'
import type { Configuration } from '../config/configuration.ts'

/** What judges requests now, and where it lies. */
export interface InForce extends Abstention {
  /** Folder of the candidates. */
  readonly candidates: string
  /** The promoted candidate; null: the configuration's own files. */
  readonly version: string | null
  readonly rulesVersion: string
  readonly weightsVersion: string
  readonly rulesFile: string
  readonly weightsFile: string
  /** The configuration itself names the shadow. */
  readonly shadowIsOwn: boolean
  /** Of rules without thresholds of their own. */
  readonly configured: Abstention
}

/** What the configuration says stands where the rules in force have no thresholds of their own. */
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
