import { ENDPOINTS } from '../base/endpoint.ts'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import type { Trip } from '../flow/trip.ts'
import { type Closing, OUTCOMES } from '../ledger/row.ts'
import { Names } from './names.ts'

/** Whose money, and for what. */
export type SpendingLabels = Readonly<Record<'team' | 'class' | 'model', string>>

/** Tokens and nano-dollars of requests with the same labels. */
export interface Spending {
  readonly labels: SpendingLabels
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  cost: number
  /** What the requests below would have cost on the reference model. */
  baseline: number
  /** Cost of the requests whose baseline is known. */
  comparedCost: number
}

/** Number of requests with one outcome; their spending is shared with other outcomes. */
export interface RequestSums {
  readonly labels: SpendingLabels & Readonly<Record<'outcome' | 'endpoint', string>>
  readonly spending: Spending
  requests: number
}

/** No team, no target or no class: not authenticated, no upstream asked, nothing to classify. */
export const NONE = 'none'

/** Beyond this many combinations, new ones count as team and model `other`: a scrape must stay readable. */
export const MOST_SUMS = 10_000

/**
 * Counts requests by team, class, model, outcome and endpoint. Five names become one number and a few
 * counters grow, which is all a request pays for it. There are never more than `MOST_SUMS`, plus those of
 * `other`.
 */
export class RequestTally {
  #teams = new Names([])
  #models = new Names([])
  #sums = new Map<number, RequestSums>()
  #spendings = new Map<number, Spending>()

  /** Adopts a configuration's names: sums of others are dropped, and requests for them count as `other`. */
  follow(teams: Iterable<string>, models: Iterable<string>): void {
    const before = this.#sums
    this.#teams = new Names([NONE, ...teams])
    this.#models = new Names([NONE, ...models])
    this.#sums = new Map()
    this.#spendings = new Map()
    for (const sums of before.values()) {
      const { team, model, class: className } = sums.labels
      if (!this.#teams.has(team) || !this.#models.has(model)) continue
      const whose = this.#whoseOf(this.#teams.numberOf(team), this.#models.numberOf(model))
      this.#sums.set(whose * KINDS + kindOf(sums.labels), sums)
      this.#spendings.set(whose * CLASSES.size + CLASSES.numberOf(className), sums.spending)
    }
  }

  all(): Iterable<RequestSums> {
    return this.#sums.values()
  }

  spendings(): Iterable<Spending> {
    return this.#spendings.values()
  }

  count({ key, routed, endpoint }: Counted, closing: Closing): void {
    const team = this.#teams.numberOf(key === undefined ? NONE : key.team.name)
    const model = this.#models.numberOf(closing.target ?? NONE)
    const kind = kindOf({ class: routed?.class ?? NONE, outcome: closing.outcome, endpoint })
    const whose = this.#whoseOf(team, model)
    const sums = this.#sums.get(whose * KINDS + kind) ?? this.#open(whose, kind)
    sums.requests += 1
    const { spending } = sums
    spending.inputTokens += closing.inputTokens ?? 0
    spending.cachedTokens += closing.cachedTokens ?? 0
    spending.outputTokens += closing.outputTokens ?? 0
    spending.reasoningTokens += closing.reasoningTokens ?? 0
    spending.cost += closing.cost
    if (closing.baseline === null) return
    spending.baseline += closing.baseline
    spending.comparedCost += closing.cost
  }

  #open(whose: number, kind: number): RequestSums {
    if (this.#sums.size >= MOST_SUMS && whose > 0) {
      return this.#sums.get(kind) ?? this.#open(0, kind)
    }
    const labels = { ...this.#namesOf(whose), ...labelsOf(kind) }
    const { team, class: className, model } = labels
    const key = whose * CLASSES.size + CLASSES.numberOf(className)
    const spending = this.#spendings.get(key) ?? { labels: { team, class: className, model }, ...NOTHING }
    const sums = { labels, spending, requests: 0 }
    this.#spendings.set(key, spending)
    this.#sums.set(whose * KINDS + kind, sums)
    return sums
  }

  /** 0 for team and model `other`. */
  #whoseOf(team: number, model: number): number {
    return team * this.#models.size + model
  }

  #namesOf(whose: number): Pick<SpendingLabels, 'team' | 'model'> {
    const { size } = this.#models
    return { team: this.#teams.nameOf(Math.floor(whose / size)), model: this.#models.nameOf(whose % size) }
  }
}

type Counted = Pick<Trip, 'key' | 'routed' | 'endpoint'>
type Kind = Pick<RequestSums['labels'], 'class' | 'outcome' | 'endpoint'>

const CLASSES = new Names([NONE, ...PROMPT_CLASSES])
const ENDS = new Names(OUTCOMES)
const PATHS = new Names(ENDPOINTS)
const KINDS = CLASSES.size * ENDS.size * PATHS.size

function kindOf(kind: Kind): number {
  const ends = CLASSES.numberOf(kind.class) * ENDS.size + ENDS.numberOf(kind.outcome)
  return ends * PATHS.size + PATHS.numberOf(kind.endpoint)
}

function labelsOf(kind: number): Kind {
  const ends = Math.floor(kind / PATHS.size)
  return {
    class: CLASSES.nameOf(Math.floor(ends / ENDS.size)),
    outcome: ENDS.nameOf(ends % ENDS.size),
    endpoint: PATHS.nameOf(kind % PATHS.size),
  }
}

const NOTHING = {
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  cost: 0,
  baseline: 0,
  comparedCost: 0,
}
