import { readFileSync } from 'node:fs'
import type { PromptClass } from '../base/prompt-class.ts'
import { createClassifier, type ExplainingClassifier } from '../classifier/classifier.ts'
import { decodeWeights, type Weights, WeightsError } from '../classifier/model/weights.ts'
import { PatternError, type Where } from '../classifier/patterns/pattern.ts'
import { faultsOf } from '../classifier/patterns/pattern-check.ts'
import { RuleBook } from '../classifier/rule.ts'
import { ConfigError, type Problem } from './file/config-error.ts'
import type { KeyPath } from './file/key-path.ts'
import { parseFile } from './file/parse.ts'
import { UnreadableFile } from './file/read-text.ts'
import type { RuleShelf } from './rule-shelf.ts'

/** The classifier's rules and weights files, and what it does when unsure. */
export interface ClassifierFiles {
  /** Where previously compiled rules are looked up. */
  readonly shelf?: RuleShelf | undefined
  readonly rulesFile: string
  readonly weightsFile: string
  /** Calibrated confidence, 0 to 1. */
  readonly abstainBelow: number
  readonly abstainTo: PromptClass
  /**
   * Total length, in UTF-16 units, of texts whose verdicts are cached; 0 disables the cache. Absent: four
   * million.
   */
  readonly remember?: number
}

/** Reads and compiles a classifier. Throws a ConfigError that names file, line and key. */
export function readClassifier({
  rulesFile,
  weightsFile,
  shelf,
  ...settings
}: ClassifierFiles): ExplainingClassifier {
  const parts = { ...settings, rules: readRuleBook(rulesFile, shelf), weights: readWeights(weightsFile) }
  return compileClassifier(rulesFile, parts)
}

/** Compiles rules read from `rulesFile`. Throws a ConfigError. */
export function compileClassifier(
  rulesFile: string,
  parts: Parameters<typeof createClassifier>[0],
): ExplainingClassifier {
  return withPatternsOf(rulesFile, () => createClassifier(parts))
}

/** Patterns that are fine individually may be too many together. */
function withPatternsOf<Made>(rulesFile: string, compile: () => Made): Made {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new ConfigError([{ file: rulesFile, line: undefined, path: 'rules', message: error.message }])
  }
}

/**
 * Reads `rules.yaml` and checks that every pattern compiles and is fast. Rules found on the shelf have
 * already been checked; others are added to it. Throws a ConfigError with every problem.
 */
export function readRuleBook(file: string, shelf?: RuleShelf): RuleBook {
  return parseRuleBook(file, readBytes(file).toString('utf8'), shelf)
}

/** The same for a text; `file` is the name used in problems. */
export function parseRuleBook(file: string, text: string, shelf?: RuleShelf): RuleBook {
  const known = shelf?.find(text)
  if (known !== undefined) return known
  const book = checkedBook(file, text)
  if (shelf !== undefined) withPatternsOf(file, () => shelf.put(text, book))
  return book
}

function checkedBook(file: string, text: string): RuleBook {
  const { value: book, problemAt } = parseFile(RuleBook, { file, text, env: {} })
  const problems: Problem[] = []
  const check = (key: 'rules' | 'follow_ups', where: Where) => {
    const patterns = book[key].flatMap(({ patterns }, index) =>
      patterns.map((pattern, at): [string, KeyPath] => [pattern, [key, index, 'patterns', at]]),
    )
    const faults = faultsOf(
      patterns.map(([pattern]) => pattern),
      where,
    )
    for (const [number, message] of faults) problems.push(problemAt(patterns[number]?.[1] ?? [key], message))
  }
  check('rules', 'anywhere')
  check('follow_ups', 'whole')
  if (problems.length > 0) throw new ConfigError(problems)
  return book
}

/** Reads a weights file. Throws a ConfigError. */
export function readWeights(file: string): Weights {
  try {
    return decodeWeights(readBytes(file))
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error
    throw new ConfigError([{ file, line: undefined, path: '', message: error.message }])
  }
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UnreadableFile(file, error)
  }
}
