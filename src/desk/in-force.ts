import type { PromptClass } from '../base/prompt-class.ts'
import type { Configuration } from '../config/configuration.ts'

/** What judges requests now, and where it lies. */
export interface InForce {
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
  readonly abstainBelow: number
  readonly abstainTo: PromptClass
}

export function inForceOf({ config, runtime }: Configuration): InForce {
  const { candidates, version, live, shadowIsOwn } = config.tuning
  const { abstain_below: abstainBelow, abstain_to: abstainTo } = config.settings.classifier
  const { rulesVersion, weightsVersion } = runtime.classifier
  return {
    candidates,
    version,
    rulesVersion,
    weightsVersion,
    rulesFile: live.rules,
    weightsFile: live.weights,
    shadowIsOwn,
    abstainBelow,
    abstainTo,
  }
}
