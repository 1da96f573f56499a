import { type Failure, fail } from '../base/failure.ts'
import { PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'
import { cappedForMoney, outputCapOf } from './output-cap.ts'
import { fitOf } from './prompt-fit.ts'
import type { Wish } from './wish.ts'

/** Why a target cannot be used right now, in words: `breaker open`, `gone since 2026-11-21T10:00:00Z`. */
export interface Absence {
  readonly reason: string
  /** When trying again makes sense; undefined for a model that its vendor has taken away. */
  readonly retryAfterMs: number | undefined
}

/** A target that was considered, in the order of preference. */
export type Candidate =
  | {
      readonly in: true
      readonly target: Target
      /** The most output tokens one choice may have, before any budget lowers it. */
      readonly outputCap: number
    }
  | { readonly in: false; readonly target: Target; readonly reason: string; readonly absence?: Absence }

export type Usable = Extract<Candidate, { in: true }>
type Unusable = Extract<Candidate, { in: false }>

export interface Decision {
  /** Never empty, the preferred one first. */
  readonly usable: readonly [Usable, ...Usable[]]
  /** Everything that was considered, with the reasons of those that are out. */
  readonly considered: readonly Candidate[]
  /** The client chose the model and routing is off: the body is not bent to the model's rules. */
  readonly asAsked: boolean
}

/** What a decision is made from. Functions answer for the moment of the request, so that deciding needs no clock. */
export interface Question {
  readonly wish: Wish
  /** The verdict's class, or the forced one; not read for a pinned model. */
  readonly class: PromptClass
  readonly needs: Needs
  /** The name in the request's own `model`. */
  readonly requestedModel: string
  readonly routes: Readonly<Record<PromptClass, readonly Target[]>>
  readonly targets: ReadonlyMap<string, Target>
  /** The team's allow-list; undefined allows every configured model. */
  readonly models: ReadonlySet<string> | undefined
  /** A budget applies, so a model without a price cannot serve. */
  readonly mustBePriced: boolean
  isPriced(target: Target): boolean
  absenceOf(target: Target): Absence | undefined
  /** Given when an exhausted team falls to the cheapest: any number that grows with the price. */
  readonly costOf?: (target: Target) => number
}

/**
 * Which targets may serve, in which order. The class's route decides; targets the prompt may be too long for go last.
 * With `costOf`, the targets of all routes stand in order of cost instead. When a route has nobody left, the other
 * classes' routes are asked, `language_heavy` first, because an answer from another model is better than none. A
 * pinned model stands alone: nobody else ever serves in its place.
 *
 * Throws `upstream_unavailable` when only a breaker stands between the request and an answer, `model_not_found` when
 * a pinned model is gone, else `no_capable_model` with every reason.
 */
export function decide(question: Question): Decision {
  const considered: Candidate[] = []
  for (const route of routesOf(question)) {
    for (const target of route) {
      if (!considered.some((candidate) => candidate.target === target))
        considered.push(weigh(question, target))
    }
    const [first, ...others] = bySureFit(considered.filter(isUsable), question.needs)
    if (first !== undefined) {
      return { usable: [first, ...others], considered, asAsked: question.wish.kind === 'off' }
    }
  }
  return fail(refusalOf(question, considered.filter(isUnusable)))
}

function routesOf(question: Question): readonly (readonly Target[])[] {
  const { wish, routes, costOf } = question
  if (wish.kind === 'pin' || wish.kind === 'off') {
    const target = question.targets.get(wish.model)
    return target === undefined ? fail({ code: 'model_not_found', model: wish.model }) : [[target]]
  }
  const order = new Set<PromptClass>([question.class, 'language_heavy', ...PROMPT_CLASSES])
  const inOrder = [...order].map((each) => routes[each])
  if (costOf === undefined) return inOrder
  return [inOrder.flat().toSorted((a, b) => costOf(a) - costOf(b))]
}

function weigh(question: Question, target: Target): Candidate {
  const ownCap = outputCapOf(question.needs, target, isCapMeantWhole(question))
  const outputCap = question.mustBePriced ? cappedForMoney(question.needs, target, ownCap) : ownCap
  const reason = unfitness(question, target, outputCap)
  if (reason !== undefined) return { in: false, target, reason }
  const absence = question.absenceOf(target)
  return absence === undefined
    ? { in: true, target, outputCap }
    : { in: false, target, reason: absence.reason, absence }
}

/**
 * Whether the client's cap counts reasoning: it chose a reasoning model itself and used the field that is defined so,
 * or it wants its request sent as it was asked.
 */
function isCapMeantWhole({ wish, needs, targets, requestedModel }: Question): boolean {
  if (wish.kind === 'off') return true
  if (needs.cap === undefined || needs.cap.by === 'max_tokens') return false
  return targets.get(wish.kind === 'pin' ? wish.model : requestedModel)?.reasoning === true
}

/** Why the target cannot serve this request at any time. */
function unfitness(question: Question, target: Target, outputCap: number): string | undefined {
  const { needs, models } = question
  if (models !== undefined && !models.has(target.model)) return `not on the team's list`
  if (question.mustBePriced && !question.isPriced(target)) return 'no price, and a budget applies'
  if (question.wish.kind === 'off') return undefined
  const missing = needs.hard.find((need) => !target.capabilities.has(need.capability))
  if (missing !== undefined) return `no ${missing.capability}`
  const fit = fitOf(needs, target, outputCap)
  return fit.fits === 'no' ? `context ${target.context} < about ${fit.aboutTokens} tokens` : undefined
}

/** Targets that surely hold the prompt before those that may not; each group keeps its order. */
function bySureFit(usable: readonly Usable[], needs: Needs): readonly Usable[] {
  const isSure = ({ target, outputCap }: Usable) => fitOf(needs, target, outputCap).fits === 'surely'
  return usable.every(isSure) ? usable : [...usable.filter(isSure), ...usable.filter((each) => !isSure(each))]
}

function isUsable(candidate: Candidate): candidate is Usable {
  return candidate.in
}

function isUnusable(candidate: Candidate): candidate is Unusable {
  return !candidate.in
}

function refusalOf({ wish, needs }: Question, out: readonly Unusable[]): Failure {
  const absent = out.flatMap(({ target, absence }) => (absence === undefined ? [] : [{ target, ...absence }]))
  const waits = absent.flatMap(({ target, retryAfterMs }) =>
    retryAfterMs === undefined ? [] : [{ target: target.model, retryAfterMs }],
  )
  const [soonest] = waits.toSorted((a, b) => a.retryAfterMs - b.retryAfterMs)
  if (soonest !== undefined) return { code: 'upstream_unavailable', ...soonest }
  if (absent.length > 0 && (wish.kind === 'pin' || wish.kind === 'off')) {
    return { code: 'model_not_found', model: wish.model }
  }
  const nobodyHas = needs.hard.find(
    (need) => !out.some(({ target }) => target.capabilities.has(need.capability)),
  )
  return {
    code: 'no_capable_model',
    reasons: out.map(({ target, reason }) => `${target.model}: ${reason}`),
    param: (nobodyHas ?? needs.hard[0])?.param ?? null,
  }
}
