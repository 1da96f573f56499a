import { join } from 'node:path'
import type { ExplainingClassifier } from '../classifier/classifier.ts'
import { decodeWeights, type Weights } from '../classifier/model/weights.ts'
import type { RuleBook } from '../classifier/rule.ts'
import { compileClassifier, readClassifier, readRuleBook } from '../config/classifier.ts'
import type { Config } from '../config/load.ts'
import { processSettings } from '../config/process-settings.ts'
import { RuleShelf } from '../config/rule-shelf.ts'
import type { ClassifierPair, Standings } from '../config/standings.ts'
import { candidateFiles } from '../tuning/candidates.ts'
import { readLeftOut } from '../tuning/training/left-out.ts'
import type { Contender } from '../tuning/trial.ts'

/** What tuning works on: what is in force, and where candidates and rows are stored. */
export interface TuningContext extends Standings {
  /** The ledger's file, or its postgres:// address. */
  readonly store: string
  /** Previously compiled rules. */
  readonly shelf: RuleShelf
  /** A classifier from these files, without a cache. Throws a `ConfigError`. */
  classifierOf(pair: ClassifierPair): ExplainingClassifier
  /** The same for rules and weights in memory. */
  classifierWith(rules: RuleBook, weights: Weights): ExplainingClassifier
  /** What is in force, with what it was trained on. */
  liveContender(): Contender
  contender(version: string): Contender
}

/** The tuning of a configuration; `store` overrides its own. */
export function tuningContext(config: Config, store: string = storeOf(config)): TuningContext {
  const { abstain_below: abstainBelow, abstain_to: abstainTo } = config.settings.classifier
  const { candidates, live, version } = config.tuning
  const shelf = new RuleShelf(candidates)
  const abstention = { abstainBelow, abstainTo, remember: 0 }
  const classifierOf = ({ rules, weights }: ClassifierPair) =>
    readClassifier({ rulesFile: rules, weightsFile: weights, shelf, ...abstention })
  const classifierWith = (rules: RuleBook, weights: Weights) =>
    compileClassifier('rules', { rules, weights, ...abstention })
  const contenderOf = (pair: ClassifierPair, named: string | null): Contender => {
    const classifier = classifierOf(pair)
    const leftOut = named === null ? undefined : readLeftOut(join(candidates, named))
    const book = readRuleBook(pair.rules, shelf)
    // Rows were recorded under the rules in force, so the results of those patterns are known.
    const earlier = pair.rules === live.rules ? [] : [readRuleBook(live.rules, shelf)]
    const replayer = classifier.replayer(earlier)
    const unknowing = (leftOut?.weights ?? []).map((bytes) =>
      classifierWith(book, decodeWeights(Buffer.from(bytes))).replayer(earlier),
    )
    const foldOf = new Map(leftOut?.rows.map(({ id, fold }) => [id, fold]))
    return { classifier, replayerOf: (id) => unknowing[foldOf.get(id) ?? -1] ?? replayer }
  }
  return {
    ...config.tuning,
    store,
    shelf,
    classifierOf,
    classifierWith,
    liveContender: () => contenderOf(live, version),
    contender: (named) => contenderOf(pairOf(candidates, named), named),
  }
}

/** Where a configuration's ledger is stored. */
export function storeOf(config: Config): string {
  const { sharedStore, storeFile } = processSettings(config)
  return sharedStore?.postgres ?? storeFile
}

/** The files of a candidate, whether or not they exist. */
export function pairOf(candidates: string, version: string): ClassifierPair {
  const { rulesFile, weightsFile } = candidateFiles(candidates, version)
  return { rules: rulesFile, weights: weightsFile }
}
