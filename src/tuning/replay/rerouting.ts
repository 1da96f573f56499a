import { Refusal } from '../../base/failure.ts'
import type { PromptClass } from '../../base/prompt-class.ts'
import type { Target } from '../../base/target.ts'
import { needsAgain } from '../../capture/kept-needs.ts'
import type { KeptPrompt } from '../../capture/kept-prompt.ts'
import type { DecisionLine } from '../../ledger/decision-line.ts'
import type { PriceBook } from '../../pricing/price-book.ts'
import { decide, type Question } from '../../routing/decide.ts'

/** What the choice of a model depends on besides the request. */
export interface Routing extends Pick<Question, 'routes' | 'targets'> {
  placesOf(target: Target, key: string): readonly Target[]
  readonly prices: PriceBook
  /** A team's allow-list; undefined allows every model. */
  modelsOf(team: string): ReadonlySet<string> | undefined
  /** Whether any budget applies to the team: then a model needs a price. */
  isBudgeted(team: string): boolean
}

/** Typical bytes per token, for prompts nobody counted. */
const BYTES_PER_TOKEN = 4

/**
 * The model that would be first in line for a class if every upstream were healthy and no budget short: the
 * breakers and balances of the moment are not replayed. A model past its shutdown comes last, unless this very
 * request found it first in line: only then is it known to have outlived its day. Undefined if none could
 * serve.
 */
export function firstInLine(
  routing: Routing,
  line: Pick<DecisionLine, 'at' | 'team' | 'id' | 'input_tokens'>,
  promptClass: PromptClass,
  kept: Pick<KeptPrompt, 'needs' | 'first'>,
): Target | undefined {
  const needs = needsAgain(kept.needs)
  const tokens = line.input_tokens ?? Math.ceil(needs.size.textBytes / BYTES_PER_TOKEN)
  try {
    const { usable } = decide({
      wish: { kind: 'auto' },
      class: promptClass,
      needs,
      requestedModel: '',
      routes: routing.routes,
      targets: routing.targets,
      models: routing.modelsOf(line.team),
      mustBePriced: routing.isBudgeted(line.team),
      isPriced: ({ model }) => routing.prices.priceOf(model, line.at) !== undefined,
      absenceOf: () => undefined,
      isStrained: (target) => target.model !== kept.first && isPast(target, line.at),
      placesOf: (target) => routing.placesOf(target, line.id),
      aboutTokens: () => tokens,
    })
    return usable[0].target
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Whether a model's shutdown day has come at `at`, milliseconds since the epoch. */
export function isPast({ shutdownAt }: Target, at: number): boolean {
  return shutdownAt !== undefined && shutdownAt <= at
}
