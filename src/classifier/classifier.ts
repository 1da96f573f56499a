import type { Message } from '../base/message.ts'
import type { PromptClass } from '../base/prompt-class.ts'
import { placeOf, winnerOf } from './calibration.ts'
import { compileConversation, type Turn } from './conversation.ts'
import { excerptOf } from './excerpt.ts'
import type { Explanation } from './explanation.ts'
import { createJudge, type Judgement, remembering } from './judgement.ts'
import { createModel } from './model.ts'
import type { Rule, RuleBook } from './rule.ts'
import { compileRules, weightOf } from './rules.ts'
import type { Classifier, Verdict } from './verdict.ts'
import type { Weights } from './weights.ts'

export interface ClassifierParts {
  readonly rules: RuleBook
  readonly weights: Weights
  /** Verdicts less confident than this are abstentions. */
  readonly abstainBelow: number
  readonly abstainTo: PromptClass
  /** UTF-16 units of texts whose judgement is remembered; 0 remembers none. */
  readonly remember?: number
}

/** A classifier that can say why. */
export interface ExplainingClassifier extends Classifier {
  /** The rules in force, in the order they are written. */
  readonly rules: readonly Rule[]
  /** The verdict `classify` gives on the same messages, with every contribution to it. */
  explain(messages: readonly Message[]): Explanation
}

const REMEMBERED = 4 * 1024 * 1024

const NOTHING_ASKED: Turn = { text: '', length: 0, turnsBack: 0, tie: 'none' }

/** Confidence with which even the shortest turn is an ask of its own. */
const SURE = 0.8

/** Confidence with which one that looks like a fragment is; one that is sure to be must be known to a rule, too. */
const CERTAIN = 0.97

/** A turn as wide as this is an ask, however unsure its judgement. */
const WIDEST_FRAGMENT = 60

/** Letters as wide as two, and as good as two. */
const WIDE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu

/** Turns that are judged before the farthest of them is taken for the ask: what keeps endless small talk quick. */
const MOST_JUDGED = 8

/**
 * A fragment is judged by its looks ("the port is fine" looks like a fact), so a turn that no rule knows must be judged
 * the more surely, the shorter it is: 0.8 up to 20 letters, 0.6 at 40.
 */
function asksByItself({ text, tie }: Turn, { fired, confidence }: Judgement): boolean {
  if (tie === 'loose') return confidence >= CERTAIN && fired.length > 0
  if (tie === 'vague') return confidence >= CERTAIN
  if (confidence >= SURE || fired.length > 0 || text.length >= WIDEST_FRAGMENT) return true
  const width = text.length + (text.match(WIDE)?.length ?? 0)
  return confidence >= Math.min(SURE, 1 - width / 100)
}

/** What was read of a conversation, and what it says. */
interface Reading {
  readonly turn: Turn
  readonly excerpt: string
  readonly judgement: Judgement
}

/** Compiles rules and weights. Throws a `PatternError` for a pattern that is none. */
export function createClassifier(parts: ClassifierParts): ExplainingClassifier {
  const rules = compileRules(parts.rules)
  const model = createModel(parts.weights)
  const turnsOf = compileConversation(parts.rules, model.tieOf)
  const pure = createJudge(rules, model)
  const room = parts.remember ?? REMEMBERED
  const judge = room > 0 ? remembering(pure, room) : pure

  function read(turn: Turn): Reading {
    const excerpt = excerptOf(turn.text)
    return { turn, excerpt, judgement: judge(excerpt) }
  }

  /**
   * The newest turn that asks something by itself; where none does, the oldest that might. An ask that is unsure stays
   * with its conversation, as far as that was clear: a change of model costs the prompt cache.
   */
  function readAsk(messages: readonly Message[]): Reading {
    let oldest = NOTHING_ASKED
    let unsure: Reading | undefined
    let ask: Reading | undefined
    let judged = 0
    for (const turn of turnsOf(messages)) {
      oldest = turn
      if (turn.tie === 'close') continue
      ask = read(turn)
      judged += 1
      if (asksByItself(turn, ask.judgement)) {
        if (ask.judgement.confidence >= parts.abstainBelow) return ask
        unsure ??= ask
      }
      if (judged === MOST_JUDGED) break
    }
    return unsure ?? ask ?? read(oldest)
  }

  function verdictOf({ turn, excerpt, judgement }: Reading): Verdict {
    const { logits, probabilities } = judgement
    const abstained = judgement.confidence < parts.abstainBelow || turn.text === ''
    const promptClass = abstained ? parts.abstainTo : winnerOf(logits)
    return {
      class: promptClass,
      confidence: probabilities[placeOf(promptClass)],
      cause: abstained
        ? 'abstained'
        : turn.turnsBack > 0
          ? 'inherited'
          : judgement.turnedBy === undefined
            ? 'model'
            : `rule:${judgement.turnedBy}`,
      probabilities,
      evidence: {
        rules: judgement.fired.map((rule) => ({ id: rule.id, class: rule.class, weight: weightOf(rule) })),
        logits,
        read: { scored: Math.min(excerpt.length, turn.length), of: turn.length },
        turnsBack: turn.turnsBack,
      },
    }
  }

  return {
    rules: parts.rules.rules,
    rulesVersion: rules.version,
    weightsVersion: parts.weights.version,
    classify: (messages) => verdictOf(readAsk(messages)),
    explain: (messages) => {
      const reading = readAsk(messages)
      return {
        verdict: verdictOf(reading),
        text: reading.excerpt,
        temperature: model.temperature,
        bias: model.bias,
        rules: reading.judgement.fired,
        features: model.contributions(reading.excerpt),
        rulesVersion: rules.version,
        weightsVersion: parts.weights.version,
      }
    },
  }
}
