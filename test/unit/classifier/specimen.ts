import { join } from 'node:path'
import type { Message } from '../../../src/base/message.ts'
import { createClassifier, type ExplainingClassifier } from '../../../src/classifier/classifier.ts'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'config')

export const RULES_FILE = join(CONFIG, 'rules.yaml')
export const WEIGHTS_FILE = join(CONFIG, 'classifier.bin')

/** The shipped classifier, by default without a cache and with the default threshold. */
export function shipped(remember = 0, abstainBelow = 0.5): ExplainingClassifier {
  return createClassifier({
    rules: readRuleBook(RULES_FILE),
    weights: readWeights(WEIGHTS_FILE),
    abstainBelow,
    abstainTo: 'language_heavy',
    remember,
  })
}

export function user(content: string): Message {
  return { role: 'user', content }
}
