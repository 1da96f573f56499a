import { compileClassifier, parseRuleBook, readWeights } from '../config/classifier.ts'
import { ConfigError, type Problem } from '../config/file/config-error.ts'

/** Problems in written rules, and the number of rules; no counts if they cannot be parsed. */
export interface CheckedRules {
  readonly problems: readonly Problem[]
  readonly counts: { readonly rules: number; readonly patterns: number; readonly follow_ups: number } | null
}

/** Checks rules together with these weights as if they were to go live. */
export function checkRules(text: string, weightsFile: string): CheckedRules {
  try {
    const rules = parseRuleBook('rules', text)
    const weights = readWeights(weightsFile)
    compileClassifier('rules', { rules, weights, abstainBelow: 0, abstainTo: 'language_heavy', remember: 0 })
    const all = [...rules.rules, ...rules.follow_ups]
    const patterns = all.reduce((sum, rule) => sum + rule.patterns.length, 0)
    return {
      problems: [],
      counts: { rules: rules.rules.length, patterns, follow_ups: rules.follow_ups.length },
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { problems: error.problems, counts: null }
  }
}
