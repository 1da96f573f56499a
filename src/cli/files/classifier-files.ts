import { join } from 'node:path'
import type { ExplainingClassifier } from '../../classifier/classifier.ts'
import type { RuleBook } from '../../classifier/rule.ts'
import { type ClassifierFiles, readClassifier, readRuleBook } from '../../config/classifier.ts'
import { SHIPPED } from '../../config/load.ts'
import { loadWithoutSecrets } from '../../config/load-without-secrets.ts'

import type { Io } from '../command.ts'

/** The options of every command that classifies, for `parseArgs`. */
export const CLASSIFIER_OPTIONS = {
  config: { type: 'string' },
  rules: { type: 'string' },
  weights: { type: 'string' },
} as const

export interface ClassifierOptions {
  readonly config?: string | undefined
  readonly rules?: string | undefined
  readonly weights?: string | undefined
}

/**
 * The classifier that the options select: the configuration's, with other rules or weights if given. Caches
 * nothing, so that measurements reflect actual computation.
 */
export function openClassifier(options: ClassifierOptions, env: Io['env']): ExplainingClassifier {
  const configured = options.config === undefined ? SHIPPED_SETTINGS : settingsOf(options.config, env)
  return readClassifier({
    ...configured,
    ...(options.rules !== undefined && { rulesFile: options.rules }),
    ...(options.weights !== undefined && { weightsFile: options.weights }),
    remember: 0,
  })
}

const SHIPPED_SETTINGS: ClassifierFiles = {
  rulesFile: join(SHIPPED, 'rules.yaml'),
  weightsFile: join(SHIPPED, 'classifier.bin'),
  abstainBelow: 0.5,
  abstainTo: 'language_heavy',
}

function settingsOf(file: string, env: Io['env']): ClassifierFiles {
  const { files, settings } = loadWithoutSecrets(file, env)
  return {
    rulesFile: files.rules,
    weightsFile: files.weights,
    abstainBelow: settings.classifier.abstain_below,
    abstainTo: settings.classifier.abstain_to,
  }
}

/**
 * The rules named by the options, else the shipped ones. Throws a `ConfigError` that names the lines at
 * fault.
 */
export function openRules(options: ClassifierOptions): RuleBook {
  return readRuleBook(options.rules ?? join(SHIPPED, 'rules.yaml'))
}
