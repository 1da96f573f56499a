import type { Runtime } from '../flow/runtime.ts'
import { readClassifier } from './classifier.ts'
import type { Environment } from './environment.ts'
import { stateOf } from './file-state.ts'
import { type Config, loadConfig } from './load.ts'
import { type ProcessSettings, processSettings } from './process-settings.ts'
import { compileRuntime } from './runtime.ts'
import type { ClassifierPair } from './standings.ts'

/** All that a configuration comes to: what was read, what requests use, what the process uses. */
export interface Configuration {
  readonly config: Config
  readonly runtime: Runtime
  readonly process: ProcessSettings
  readonly classifier: ReadClassifier
  readonly shadow: ReadClassifier | undefined
}

/** A classifier and a text that differs once its files or settings do. */
interface ReadClassifier {
  readonly classifier: Runtime['classifier']
  readonly state: string
}

/**
 * Reads a configuration with its catalogue, rules and weights, and compiles it. Compiling the rules takes several
 * times as long as all the rest, so the classifiers of `running` are kept where their files and settings have not
 * changed. Throws a ConfigError whose lines name file, line and key.
 */
export function readConfiguration(file: string, env: Environment, running?: Configuration): Configuration {
  const config = loadConfig(file, env)
  const { abstain_below: abstainBelow, abstain_to: abstainTo } = config.settings.classifier
  const read = ({ rules, weights }: ClassifierPair): ReadClassifier => {
    const state = `${abstainBelow} ${abstainTo} ${stateOf([rules, weights])}`
    const kept = [running?.classifier, running?.shadow].find((known) => known?.state === state)
    const parts = { rulesFile: rules, weightsFile: weights, abstainBelow, abstainTo }
    return kept ?? { classifier: readClassifier(parts), state }
  }
  const { live, shadow: pair } = config.tuning
  const classifier = read(live)
  const shadow = pair && read(pair)
  const runtime = compileRuntime(config, classifier.classifier, shadow?.classifier)
  return { config, runtime, process: processSettings(config), classifier, shadow }
}

/** Every file a configuration was read from: the ones to watch. */
export function filesOf({ config }: Configuration): readonly string[] {
  return Object.values(config.files)
}
