import { createClassifier, type ExplainingClassifier } from '../classifier/classifier.ts'
import type { RuleBook } from '../classifier/rule.ts'
import type { Weights } from '../classifier/weights.ts'
import { readClassifier, readRuleBook } from '../config/classifier.ts'
import { processSettings } from '../config/process-settings.ts'
import type { ClassifierPair, Standings } from '../config/standings.ts'
import { candidateFiles, readLeftOut } from '../tuning/candidates.ts'
import type { Contender } from '../tuning/trial.ts'
import { loadWithoutSecrets } from './classifier-files.ts'
import type { Io } from './command.ts'
import { configFlag } from './config-flag.ts'
import { loginName } from './login-name.ts'

/** What commands that tune work on: what is in force, and where candidates and rows lie. */
export interface TuningDesk extends Standings {
  /** The ledger's file, or its postgres:// address. */
  readonly store: string
  /** A classifier of these files, which remembers nothing. Throws a `ConfigError`. */
  classifierOf(pair: ClassifierPair): ExplainingClassifier
  /** The same of rules and weights that stand in no file. */
  classifierWith(rules: RuleBook, weights: Weights): ExplainingClassifier
  /** What is in force, with what it was trained on. */
  liveContender(): Contender
  contender(version: string): Contender
}

/** For `parseArgs`: where candidates and rows are looked for. */
export const DESK_OPTIONS = {
  config: { type: 'string' },
  store: { type: 'string' },
} as const

/** Throws a `ConfigError` for a configuration or a journal that cannot be read. */
export function openTuningDesk(
  flags: { readonly config?: string | undefined; readonly store?: string | undefined },
  env: Io['env'],
): TuningDesk {
  const config = loadWithoutSecrets(configFlag(flags.config), env)
  const { storeFile, sharedStore } = processSettings(config)
  const { abstain_below: abstainBelow, abstain_to: abstainTo } = config.settings.classifier
  const abstention = { abstainBelow, abstainTo, remember: 0 }
  const classifierOf = ({ rules, weights }: ClassifierPair) =>
    readClassifier({ rulesFile: rules, weightsFile: weights, ...abstention })
  const { candidates, live, version } = config.tuning
  const contenderOf = (pair: ClassifierPair, named: string | null): Contender => {
    const classifier = classifierOf(pair)
    return {
      classifier,
      // Rows were recorded under the rules in force: whatever these looked for is known of them.
      replayer: classifier.replayer(pair.rules === live.rules ? [] : [readRuleBook(live.rules)]),
      leftOut: named === null ? new Map() : readLeftOut(candidates, named),
    }
  }
  return {
    ...config.tuning,
    store: flags.store ?? sharedStore?.postgres ?? storeFile,
    classifierOf,
    classifierWith: (rules, weights) => createClassifier({ rules, weights, ...abstention }),
    liveContender: () => contenderOf(live, version),
    contender: (named) => {
      const { rulesFile, weightsFile } = candidateFiles(candidates, named)
      return contenderOf({ rules: rulesFile, weights: weightsFile }, named)
    },
  }
}

/** Who decides, where no `--by` says it: whoever is logged in. */
export function personOf(by: string | undefined): string {
  return by === undefined || by === '' ? loginName() : by
}
