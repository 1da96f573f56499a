import type { Runtime } from '../flow/runtime.ts'
import { readClassifier } from './classifier.ts'
import type { Environment } from './environment.ts'
import { stateOf } from './file-state.ts'
import { type Config, loadConfig } from './load.ts'
import { type ProcessSettings, processSettings } from './process-settings.ts'
import { compileRuntime } from './runtime.ts'

/** All that a configuration comes to: what was read, what requests use, what the process uses. */
export interface Configuration {
  readonly config: Config
  readonly runtime: Runtime
  readonly process: ProcessSettings
  /** Differs once the classifier's files or settings do. */
  readonly classifierState: string
}

/**
 * Reads a configuration with its catalogue, rules and weights, and compiles it. Compiling the rules takes several
 * times as long as all the rest, so the classifier of `running` is kept where its files and settings have not changed.
 * Throws a ConfigError whose lines name file, line and key.
 */
export function readConfiguration(file: string, env: Environment, running?: Configuration): Configuration {
  const config = loadConfig(file, env)
  const { abstain_below: abstainBelow, abstain_to: abstainTo } = config.settings.classifier
  const { rules: rulesFile, weights: weightsFile } = config.files
  const classifierState = `${abstainBelow} ${abstainTo} ${stateOf([rulesFile, weightsFile])}`
  const classifier =
    running?.classifierState === classifierState
      ? running.runtime.classifier
      : readClassifier({ rulesFile, weightsFile, abstainBelow, abstainTo })
  const runtime = compileRuntime(config, classifier)
  return { config, runtime, process: processSettings(config), classifierState }
}

/** Every file a configuration was read from: the ones to watch. */
export function filesOf({ config }: Configuration): readonly string[] {
  return Object.values(config.files)
}
