import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { type Closing, OUTCOMES } from '../budget/row.ts'
import { ENDPOINTS } from '../flow/team.ts'
import type { Trip } from '../flow/trip.ts'
import { Names } from './names.ts'

/** What is told apart: values that a client can choose freely are not among them. */
export interface RequestLabels {
  readonly team: string
  readonly model: string
  readonly class: string
  readonly outcome: string
  readonly endpoint: string
}

/** What requests with the same labels have come to. Money is nano-dollars. */
export interface RequestSums {
  readonly labels: RequestLabels
  requests: number
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

/** No team, no target or no class: nobody known, nobody asked, nothing to decide. */
export const NONE = 'none'

/** Beyond so many combinations, further ones count for team and model `other`: a scrape must stay readable. */
export const MOST_SUMS = 10_000

/**
 * Counts requests by team, class, model, outcome and endpoint. Five names become one number and a few numbers grow: that
 * is all it costs a request. Sums are read when somebody asks; there are never more than `MOST_SUMS`, and those of `other`.
 */
export class RequestTally {
  #teams = new Names([])
  #models = new Names([])
  #sums = new Map<number, RequestSums>()

  /** The names a configuration knows: sums of others are let go, and what still comes for them is `other`'s. */
  follow(teams: Iterable<string>, models: Iterable<string>): void {
    const before = this.#sums
    this.#teams = new Names([NONE, ...teams])
    this.#models = new Names([NONE, ...models])
    this.#sums = new Map()
    for (const sums of before.values()) {
      const { team, model, ...kind } = sums.labels
      const isKnown = this.#teams.nameOf(this.#teams.numberOf(team)) === team
      if (isKnown && this.#models.nameOf(this.#models.numberOf(model)) === model) {
        const place = this.#placeOf(this.#teams.numberOf(team), this.#models.numberOf(model), kindOf(kind))
        this.#sums.set(place, sums)
      }
    }
  }

  all(): Iterable<RequestSums> {
    return this.#sums.values()
  }

  count({ key, routed, endpoint }: Counted, closing: Closing): void {
    const team = this.#teams.numberOf(key === undefined ? NONE : key.team.name)
    const model = this.#models.numberOf(closing.target ?? NONE)
    const kind = kindOf({ class: routed?.class ?? NONE, outcome: closing.outcome, endpoint })
    const sums = this.#sums.get(this.#placeOf(team, model, kind)) ?? this.#open(team, model, kind)
    sums.requests += 1
    sums.inputTokens += closing.inputTokens ?? 0
    sums.cachedTokens += closing.cachedTokens ?? 0
    sums.outputTokens += closing.outputTokens ?? 0
    sums.reasoningTokens += closing.reasoningTokens ?? 0
    sums.cost += closing.cost
    if (closing.baseline === null) return
    sums.baseline += closing.baseline
    sums.comparedCost += closing.cost
  }

  #open(team: number, model: number, kind: number): RequestSums {
    if (this.#sums.size >= MOST_SUMS && team + model > 0) {
      return this.#sums.get(this.#placeOf(0, 0, kind)) ?? this.#open(0, 0, kind)
    }
    const labels = { team: this.#teams.nameOf(team), model: this.#models.nameOf(model), ...labelsOf(kind) }
    const sums: RequestSums = { labels, ...NOTHING }
    this.#sums.set(this.#placeOf(team, model, kind), sums)
    return sums
  }

  #placeOf(team: number, model: number, kind: number): number {
    return (team * this.#models.size + model) * KINDS + kind
  }
}

type Counted = Pick<Trip, 'key' | 'routed' | 'endpoint'>
type Kind = Omit<RequestLabels, 'team' | 'model'>

const CLASSES = new Names([NONE, ...PROMPT_CLASSES])
const ENDS = new Names(OUTCOMES)
const PATHS = new Names(ENDPOINTS)
const KINDS = CLASSES.size * ENDS.size * PATHS.size

function kindOf(kind: Kind): number {
  const road = CLASSES.numberOf(kind.class) * ENDS.size + ENDS.numberOf(kind.outcome)
  return road * PATHS.size + PATHS.numberOf(kind.endpoint)
}

function labelsOf(kind: number): Kind {
  const road = Math.floor(kind / PATHS.size)
  return {
    class: CLASSES.nameOf(Math.floor(road / ENDS.size)),
    outcome: ENDS.nameOf(road % ENDS.size),
    endpoint: PATHS.nameOf(kind % PATHS.size),
  }
}

const NOTHING = {
  requests: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  cost: 0,
  baseline: 0,
  comparedCost: 0,
}
