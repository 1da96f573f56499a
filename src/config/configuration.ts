import type { Runtime } from '../flow/runtime.ts'
import { readClassifier } from './classifier.ts'
import type { Environment } from './environment.ts'
import { type Config, loadConfig } from './load.ts'
import { type ProcessSettings, processSettings } from './process-settings.ts'
import { compileRuntime } from './runtime.ts'

/** All that a configuration comes to: what was read, what requests use, what the process uses. */
export interface Configuration {
  readonly config: Config
  readonly runtime: Runtime
  readonly process: ProcessSettings
}

/**
 * Reads a configuration with its catalogue, rules and weights, and compiles it. Throws a ConfigError whose lines name
 * file, line and key.
 */
export function readConfiguration(file: string, env: Environment): Configuration {
  const config = loadConfig(file, env)
  const { abstain_below: abstainBelow, abstain_to: abstainTo } = config.settings.classifier
  const { rules: rulesFile, weights: weightsFile } = config.files
  const classifier = readClassifier({ rulesFile, weightsFile, abstainBelow, abstainTo })
  return { config, runtime: compileRuntime(config, classifier), process: processSettings(config) }
}

/** Every file a configuration was read from: the ones to watch. */
export function filesOf({ config }: Configuration): readonly string[] {
  return Object.values(config.files)
}
