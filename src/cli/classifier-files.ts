import { join } from 'node:path'
import type { ExplainingClassifier } from '../classifier/classifier.ts'
import type { RuleBook } from '../classifier/rule.ts'
import { readClassifier, readRuleBook } from '../config/classifier.ts'
import { ConfigError } from '../config/config-error.ts'
import { LabelledPromptError } from '../tuning/labelled-prompts.ts'
import { UsageError } from './command.ts'

/** The options of every command that classifies, for `parseArgs`. */
export const CLASSIFIER_OPTIONS = {
  rules: { type: 'string' },
  weights: { type: 'string' },
} as const

/** Rules and weights ship beside `src/` in a checkout, beside `dist/` in a package. */
const SHIPPED = join(import.meta.dirname, '..', '..', 'config')

export interface ClassifierOptions {
  readonly rules?: string | undefined
  readonly weights?: string | undefined
}

/** The classifier the options name. Remembers nothing, so that what is measured is what is computed. */
export function openClassifier(options: ClassifierOptions): ExplainingClassifier {
  return orUsageError(() =>
    readClassifier({
      rulesFile: options.rules ?? join(SHIPPED, 'rules.yaml'),
      weightsFile: options.weights ?? join(SHIPPED, 'classifier.bin'),
      abstainBelow: 0.5,
      abstainTo: 'language_heavy',
      remember: 0,
    }),
  )
}

export function openRules(options: ClassifierOptions): RuleBook {
  return orUsageError(() => readRuleBook(options.rules ?? join(SHIPPED, 'rules.yaml')))
}

/** Whether this is a fault of the call or of a file it names, rather than of the program. */
export function isUsersFault(error: unknown): error is Error {
  return (
    error instanceof ConfigError ||
    error instanceof LabelledPromptError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  )
}

/** Turns what the user can mend into a `UsageError`. */
export function orUsageError<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw isUsersFault(error) ? new UsageError(error.message.split('\n', 1)[0]) : error
  }
}

export async function orUsageErrorAsync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isUsersFault(error) ? new UsageError(error.message.split('\n', 1)[0]) : error
  }
}
