import { isPromptClass } from '../../base/prompt-class.ts'
import type { Target } from '../../base/target.ts'
import type { KeptPrompt } from '../../capture/kept-prompt.ts'
import type { Replayer } from '../../classifier/recording/replay.ts'
import type { Choice, Classifier } from '../../classifier/verdict.ts'
import type { DecisionLine } from '../../ledger/decision-line.ts'
import { type Comparison, compare, type Pair } from '../compare.ts'
import { BiggestMovers, type Mover } from './movers.ts'
import { type Change, type Move, Moves } from './moves.ts'
import { firstInLine, type Routing } from './rerouting.ts'
import { sameTokensOn } from './same-tokens.ts'
import { type Missing, type Source, verdictAgain } from './verdict-again.ts'

/** The outcome of rows under other rules, weights, routes and prices. Money is in nano-dollars. */
export interface ReplayReport {
  readonly rules_version: string
  readonly weights_version: string
  readonly rows: number
  readonly replayed: number
  readonly by: Readonly<Record<Source, number>>
  /** Rows that cannot be decided again, by reason. */
  readonly missing: Readonly<Partial<Record<Missing, number>>>
  /** Rows with exactly the same class, confidence and cause. */
  readonly identical: number
  /** Rows decided by exactly these rules and weights. */
  readonly same_versions: { readonly rows: number; readonly identical: number }
  readonly moved: number
  /** By class. */
  readonly classes: readonly Move[]
  /** By the model first in line. */
  readonly models: readonly Move[]
  readonly caveats: Caveats
  /** The recorded and the new class on labelled rows; null if none is labelled. */
  readonly labelled: Comparison | null
  readonly biggest: readonly Mover[]
}

/** What token counts cannot tell about rows whose model changes. */
export interface Caveats {
  /** Hidden reasoning tokens that were billed, and that a model without reasoning would not have produced. */
  readonly reasoning_tokens_left: number
  /** Rows moving from a model without reasoning to one with it: their new cost lacks the reasoning. */
  readonly rows_to_reasoning: number
  /** Input tokens read from a prompt cache; elsewhere they would be written again. Priced as cached. */
  readonly cached_tokens: number
  /** Rows whose new cost is unknown: no usage, or no price. */
  readonly unpriced: number
  /** Rows whose model was chosen by price at that moment; their new destination is not stated. */
  readonly chosen_by_price: number
}

export interface ReplayParts {
  readonly versions: Pick<Classifier, 'rulesVersion' | 'weightsVersion'>
  readonly replayer: Replayer
  readonly routing: Routing
  /** How many of the biggest movers to list. */
  readonly most: number
}

/** Decides recorded requests again, one by one, using nothing but what was kept of them. */
export class Replay {
  readonly #parts: ReplayParts
  readonly #by = { features: 0, text: 0, redacted: 0 }
  readonly #missing: Partial<Record<Missing, number>> = {}
  readonly #classes = new Moves()
  readonly #models = new Moves()
  readonly #biggest: BiggestMovers
  readonly #labelled: Pair[] = []
  readonly #same = { rows: 0, identical: 0 }
  readonly #caveats = {
    reasoning_tokens_left: 0,
    rows_to_reasoning: 0,
    cached_tokens: 0,
    unpriced: 0,
    chosen_by_price: 0,
  }
  #rows = 0
  #identical = 0
  #moved = 0

  constructor(parts: ReplayParts) {
    this.#parts = parts
    this.#biggest = new BiggestMovers(parts.most)
  }

  add(line: DecisionLine): void {
    this.#rows += 1
    const again = verdictAgain(this.#parts.replayer, line.prompt)
    if ('missing' in again) {
      this.#missing[again.missing] = (this.#missing[again.missing] ?? 0) + 1
      return
    }
    const { choice, kept, source } = again
    this.#by[source] += 1
    this.#compare(line, choice)
    if (line.label !== null && isPromptClass(line.label))
      this.#labelled.push({ label: line.label, live: line.class, candidate: choice.class })
    this.#follow(line, choice, kept)
  }

  #compare(line: DecisionLine, { class: promptClass, confidence, cause }: Choice): void {
    const { rulesVersion, weightsVersion } = this.#parts.versions
    const isIdentical = line.class === promptClass && line.confidence === confidence && line.cause === cause
    if (isIdentical) this.#identical += 1
    if (line.rules_version !== rulesVersion || line.weights_version !== weightsVersion) return
    this.#same.rows += 1
    if (isIdentical) this.#same.identical += 1
  }

  /** Where a row goes now, and at what cost. */
  #follow(line: DecisionLine, choice: Choice, kept: KeptPrompt): void {
    const movesClass = line.class !== choice.class
    if (movesClass) this.#moved += 1
    if (kept.by_price === true) {
      this.#caveats.chosen_by_price += 1
      if (movesClass) this.#classes.add(line.class, choice.class, undefined)
      return
    }
    const target = firstInLine(this.#parts.routing, line, choice.class, kept)
    const movesModel = target?.model !== kept.first
    if (!movesClass && !movesModel) return
    const change = movesModel ? sameTokensOn(line, target, this.#parts.routing.prices) : unchanged(line)
    if (change === undefined) this.#caveats.unpriced += 1
    if (movesClass) this.#classes.add(line.class, choice.class, change)
    if (movesModel) {
      this.#models.add(kept.first, target?.model ?? NOBODY, change)
      this.#warn(line, kept.first, target)
    }
    this.#biggest.add({
      id: line.id,
      team: line.team,
      from: line.class,
      to: choice.class,
      confidence: line.confidence,
      new_confidence: choice.confidence,
      model: kept.first,
      new_model: target?.model ?? null,
      cost_nusd: change?.cost ?? null,
      new_cost_nusd: change?.newCost ?? null,
    })
  }

  #warn(line: DecisionLine, first: string, target: Target | undefined): void {
    const reasonedBefore =
      this.#parts.routing.targets.get(first)?.reasoning ?? (line.reasoning_tokens ?? 0) > 0
    if (target?.reasoning === true && !reasonedBefore) this.#caveats.rows_to_reasoning += 1
    if (target?.reasoning !== true) this.#caveats.reasoning_tokens_left += line.reasoning_tokens ?? 0
    this.#caveats.cached_tokens += line.cached_tokens ?? 0
  }

  report(): ReplayReport {
    const { rulesVersion, weightsVersion } = this.#parts.versions
    return {
      rules_version: rulesVersion,
      weights_version: weightsVersion,
      rows: this.#rows,
      replayed: this.#by.features + this.#by.text + this.#by.redacted,
      by: { ...this.#by },
      missing: { ...this.#missing },
      identical: this.#identical,
      same_versions: { ...this.#same },
      moved: this.#moved,
      classes: this.#classes.list(),
      models: this.#models.list(),
      caveats: { ...this.#caveats },
      labelled: this.#labelled.length === 0 ? null : compare(this.#labelled),
      biggest: this.#biggest.list(),
    }
  }
}

/** If no configured model can serve. */
const NOBODY = 'nobody'

/** A request with a new class but the same model. */
function unchanged({ cost_nusd }: DecisionLine): Change | undefined {
  return cost_nusd === null ? undefined : { cost: cost_nusd, newCost: cost_nusd }
}
