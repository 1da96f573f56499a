import type { Message } from '../base/message.ts'
import { type Asked, choiceOf, type Ear, findAsk } from './conversation/ask.ts'
import { compileConversation } from './conversation/conversation.ts'
import { remembered } from './conversation/heard-turns.ts'
import { SpokenTurn } from './conversation/spoken-turn.ts'
import type { Explainer } from './explanation.ts'
import { createJudge, remembering } from './judgement.ts'
import { createModel } from './model/model.ts'
import type { Weights } from './model/weights.ts'
import { printsOf } from './print.ts'
import { createRecorder, type Recorder } from './recording/recording.ts'
import { createReplayer, type Replayer } from './recording/replay.ts'
import type { Rule, RuleBook } from './rule.ts'
import { compileRules, weightOf } from './rules.ts'
import type { Abstention, Classifier, Verdict } from './verdict.ts'

/** The thresholds apply to rules without their own. */
export interface ClassifierParts extends Abstention {
  readonly rules: RuleBook
  readonly weights: Weights
  /** UTF-16 units of texts whose judgement is cached; 0 disables the cache. */
  readonly remember?: number
}

/** A classifier that can explain its verdicts. */
export interface ExplainingClassifier extends Classifier, Recorder, Explainer {
  /** The rules in force, in file order. */
  readonly rules: readonly Rule[]
  /** `earlier`: rule books that may have made the recordings; they show which patterns were looked for. */
  replayer(earlier: readonly RuleBook[]): Replayer
}

const REMEMBERED = 4 * 1024 * 1024

/** Thresholds in the rule book take precedence over the configuration's. */
export function abstentionOf({
  rules: { thresholds },
  abstainBelow,
  abstainTo,
}: Pick<ClassifierParts, 'rules' | keyof Abstention>): Abstention {
  return {
    abstainBelow: thresholds?.abstain_below ?? abstainBelow,
    abstainTo: thresholds?.abstain_to ?? abstainTo,
  }
}

const NOTHING_ASKED = new SpokenTurn('', 0, 0, 'none', false)

/** Compiles rules and weights. Throws a `PatternError` for an invalid pattern. */
export function createClassifier(parts: ClassifierParts): ExplainingClassifier {
  const abstention = abstentionOf(parts)
  const rules = compileRules(parts.rules)
  const model = createModel(parts.weights)
  const conversation = remembered(compileConversation(parts.rules))
  const prints = printsOf(parts.rules)
  const pure = createJudge(rules, model)
  const room = parts.remember ?? REMEMBERED
  const judge = room > 0 ? remembering(pure, room) : pure

  const ear: Ear<SpokenTurn> = {
    judge: (turn) => turn.judgedBy(judge),
    learntTie: ({ text }) => model.tieOf(text),
    abstainBelow: abstention.abstainBelow,
  }

  function readAsk(messages: readonly Message[]): Asked<SpokenTurn> {
    return findAsk(conversation.turns(messages), ear) ?? { turn: NOTHING_ASKED, judgement: judge('') }
  }

  function verdictOf(asked: Asked<SpokenTurn>): Verdict {
    const { turn, judgement } = asked
    return {
      ...choiceOf(asked, abstention),
      evidence: {
        rules: judgement.fired.map((rule) => ({ id: rule.id, class: rule.class, weight: weightOf(rule) })),
        logits: judgement.logits,
        read: { scored: Math.min(turn.excerpt.length, turn.length), of: turn.length },
        turnsBack: turn.turnsBack,
      },
    }
  }

  const { salt } = parts.weights
  const shared = { conversation, judge, model, salt, prints, rules: parts.rules.rules }
  return {
    ...createRecorder(shared),
    replayer: (earlier) =>
      createReplayer({
        ...shared,
        earlier: earlier.map(printsOf),
        ...abstention,
      }),
    rules: parts.rules.rules,
    abstention,
    rulesVersion: rules.version,
    weightsVersion: parts.weights.version,
    classify: (messages) => verdictOf(readAsk(messages)),
    explain: (messages) => {
      const asked = readAsk(messages)
      const { excerpt } = asked.turn
      return {
        verdict: verdictOf(asked),
        text: excerpt,
        temperature: model.temperature,
        bias: model.bias,
        rules: asked.judgement.fired,
        features: model.contributions(excerpt),
        rulesVersion: rules.version,
        weightsVersion: parts.weights.version,
      }
    },
  }
}
