import type { Runtime } from '../flow/runtime.ts'
import { readClassifier, readRuleBook, readWeights } from './classifier.ts'
import type { CompiledBook } from './compiled-book.ts'
import type { Environment } from './file/environment.ts'
import { stateOf } from './file/file-state.ts'
import { readText } from './file/read-text.ts'
import { type Config, loadConfig } from './load.ts'
import { type ProcessSettings, processSettings } from './process-settings.ts'
import { RuleShelf } from './rule-shelf.ts'
import { compileRuntime } from './runtime.ts'
import type { ClassifierPair } from './standings.ts'
import type { WillRead } from './watch.ts'

/**
 * The complete result of loading a configuration: what was read, what requests use, and what the process
 * uses.
 */
export interface Configuration {
  readonly config: Config
  readonly runtime: Runtime
  readonly process: ProcessSettings
  readonly classifier: ReadClassifier
  readonly shadow: ReadClassifier | undefined
  /** Previously compiled rules. */
  readonly shelf: RuleShelf
}

/** A classifier with a fingerprint that changes whenever its files or settings do. */
interface ReadClassifier {
  readonly classifier: Runtime['classifier']
  readonly state: string
}

/**
 * Checks and compiles rules in another thread, so that no request waits. `file` is the name used in problems.
 * Rejects with a `ConfigError`.
 */
export type CompileElsewhere = (file: string, text: string) => Promise<CompiledBook>

/**
 * Reads a configuration with its catalogue, rules and weights, and compiles it in this thread. Compiling the
 * rules takes several times as long as everything else, unless they are on the shelf. Throws a ConfigError
 * whose lines name file, line and key.
 */
export function readConfiguration(
  file: string,
  env: Environment,
  running?: Configuration,
  willRead?: WillRead,
): Configuration {
  const config = loadConfig(file, env, running?.config)
  willRead?.(Object.values(config.files))
  return assemble(config, running)
}

/**
 * The same without blocking requests: rules not already compiled in `running` are compiled elsewhere. Rejects
 * with a ConfigError.
 */
export async function reloadConfiguration(
  file: string,
  env: Environment,
  running: Configuration,
  { compile, willRead }: { readonly compile: CompileElsewhere; readonly willRead: WillRead },
): Promise<Configuration> {
  const config = loadConfig(file, env, running.config)
  willRead(Object.values(config.files))
  const shelf = shelfOf(config, running)
  const { live, shadow } = config.tuning
  for (const rules of new Set([live.rules, shadow?.rules ?? live.rules])) {
    const text = readText(rules)
    if (shelf.find(text) === undefined) shelf.adopt(text, await compile(rules, text))
  }
  return assemble(config, running)
}

/**
 * Reads rules and weights, the shadow's too, and throws a `ConfigError` if a server would refuse them. Keeps
 * no compiled rules: where the server's data lies, may not be known here.
 */
export function checkClassifiers(config: Config): void {
  const { live, shadow } = config.tuning
  const shelf = new RuleShelf()
  for (const { rules, weights } of shadow === undefined ? [live] : [live, shadow]) {
    readRuleBook(rules, shelf)
    readWeights(weights)
  }
}

/** Reuses the classifiers of `running` whose files and settings have not changed. */
function assemble(config: Config, running: Configuration | undefined): Configuration {
  const { abstain_below: abstainBelow, abstain_to: abstainTo } = config.settings.classifier
  const shelf = shelfOf(config, running)
  const read = ({ rules, weights }: ClassifierPair): ReadClassifier => {
    const state = `${abstainBelow} ${abstainTo} ${stateOf([rules, weights])}`
    const kept = [running?.classifier, running?.shadow].find((known) => known?.state === state)
    const parts = { rulesFile: rules, weightsFile: weights, abstainBelow, abstainTo, shelf }
    return kept ?? { classifier: readClassifier(parts), state }
  }
  const { live, shadow: pair } = config.tuning
  const classifier = read(live)
  const shadow = pair && read(pair)
  const runtime = compileRuntime(config, classifier.classifier, shadow?.classifier)
  return { config, runtime, process: processSettings(config), classifier, shadow, shelf }
}

function shelfOf({ tuning }: Config, running: Configuration | undefined): RuleShelf {
  return running?.config.tuning.candidates === tuning.candidates
    ? running.shelf
    : new RuleShelf(tuning.candidates)
}

/** Every file a configuration was read from, so that they can be watched. */
export function filesOf({ config }: Configuration): readonly string[] {
  return Object.values(config.files)
}
