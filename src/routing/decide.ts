import { type Failure, fail } from '../base/failure.ts'
import type { PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import {
  type Candidate,
  type Question,
  TOO_LONG_PERHAPS,
  type Unusable,
  type Usable,
  weigh,
} from './candidate.ts'
import { isVendors, type Wish } from './wish.ts'

export type { Candidate, Cheapest, Question, Usable } from './candidate.ts'

/** Who is asked, in which order, and why. */
export interface Decision {
  /** Never empty; the preferred target first. */
  readonly usable: readonly [Usable, ...Usable[]]
  /** Everything considered, with the reason if it is out or comes last. */
  readonly considered: readonly Candidate[]
  /** Why the candidates are not in the order of their route; undefined if they are. */
  readonly reordered: string | undefined
  /** Routing is off and the client chose the model: the body is not adapted to the model's rules. */
  readonly asAsked: boolean
}

/**
 * Decides which targets may serve, and in which order: by the class's route, or by price where that matters
 * more. Doubtful targets (the prompt may be too long, sources disagree) go last. Before them the other
 * classes' routes are asked, `language_heavy` first, because a sure answer from another model beats a
 * doubtful one, and a doubtful one beats none. A request nobody can serve goes unchanged to the model the
 * client named: the vendor's own refusal says more than ours. A pinned model stands alone; no other ever
 * serves in its place.
 *
 * Throws `upstream_unavailable` if only a breaker prevents an answer, `model_not_found` if a pinned model is
 * gone, `context_length_exceeded` if the prompt is too long for every target that could serve it, else
 * `no_capable_model` with every reason.
 */
export function decide(question: Question): Decision {
  const considered: Candidate[] = []
  for (const route of routesOf(question)) {
    const isPlace = question.wish.kind === 'held'
    for (const target of isPlace ? route : route.flatMap((each) => question.placesOf(each))) {
      if (!considered.some((candidate) => candidate.target === target))
        considered.push(weigh(question, target))
    }
    if (considered.some(isSure)) break
  }
  const [first, ...others] = sureFirst(considered.filter(isUsable))
  if (first === undefined) {
    const failure = refusalOf(question, considered.filter(isUnusable))
    return (failure.code === 'no_capable_model' && leftToNamed(question, considered)) || fail(failure)
  }
  const reordered = question.cheapest?.reason
  return { usable: [first, ...others], considered, reordered, asAsked: question.wish.kind === 'off' }
}

/** Undefined if the client named no model of the team's, or one that is unavailable. */
function leftToNamed(question: Question, considered: readonly Candidate[]): Decision | undefined {
  const { wish, targets, requestedModel: model } = question
  const named = wish.kind === 'auto' || wish.kind === 'class' ? targets.get(model) : undefined
  if (named === undefined) return undefined
  const [place = named] = question.placesOf(named)
  const asked = weigh({ ...question, wish: { kind: 'off', model } }, place)
  if (!asked.in) return undefined
  return { usable: [asked], considered: [...considered, asked], reordered: undefined, asAsked: true }
}

/** The class's own route first; the others for what none of its models can do. */
const ORDERS: Readonly<Record<PromptClass, readonly PromptClass[]>> = {
  stem_reasoning: ['stem_reasoning', 'language_heavy', 'factual_recall'],
  factual_recall: ['factual_recall', 'language_heavy', 'stem_reasoning'],
  language_heavy: ['language_heavy', 'stem_reasoning', 'factual_recall'],
}

function routesOf(question: Question): readonly (readonly Target[])[] {
  const { wish, routes, cheapest } = question
  if (wish.kind === 'pin' || wish.kind === 'off') {
    const target = question.targets.get(wish.model)
    return target === undefined ? fail({ code: 'model_not_found', model: wish.model }) : [[target]]
  }
  const inOrder = ORDERS[question.class].map((each) => routes[each])
  if (wish.kind === 'held') return heldBy(question, wish, inOrder)
  if (cheapest === undefined) return inOrder
  const { among, costOf } = cheapest
  return [among.flatMap((each) => routes[each]).toSorted((a, b) => costOf(a) - costOf(b)), ...inOrder]
}

/** State belongs to one upstream account: first the model that created it, then others at that upstream. */
function heldBy(
  { targets, requestedModel, placesOf }: Question,
  { model, upstream }: Extract<Wish, { kind: 'held' }>,
  inOrder: readonly (readonly Target[])[],
): readonly (readonly Target[])[] {
  // A conversation is bound to a place, not a model; the client says which model continues it.
  const holder = targets.get(model) ?? targets.get(requestedModel)
  const here = (target: Target) => placesOf(target).filter((place) => place.upstream === upstream)
  const routes = holder === undefined ? inOrder : [[holder], ...inOrder]
  return routes.map((route) => route.flatMap(here))
}

/** Sure candidates in order, then doubted ones; where length is the doubt, the largest context first. */
function sureFirst(usable: readonly Usable[]): readonly Usable[] {
  if (usable.every(isSure)) return usable
  const room = (each: Usable) => (each.doubt === TOO_LONG_PERHAPS ? each.target.context : 0)
  return usable.toSorted((a, b) => rankOf(a) - rankOf(b) || room(b) - room(a))
}

function rankOf({ doubt }: Usable): number {
  if (doubt === undefined) return 0
  return doubt === TOO_LONG_PERHAPS ? 2 : 1
}

function isSure(candidate: Candidate): boolean {
  return candidate.in && candidate.doubt === undefined
}

function isUsable(candidate: Candidate): candidate is Usable {
  return candidate.in
}

function isUnusable(candidate: Candidate): candidate is Unusable {
  return !candidate.in
}

function refusalOf(
  { wish, needs, requestedModel, targets, models }: Question,
  out: readonly Unusable[],
): Failure {
  const absent = out.flatMap(({ target, absence }) => (absence === undefined ? [] : [{ target, ...absence }]))
  const waits = absent.flatMap(({ target, retryAfterMs }) =>
    retryAfterMs === undefined ? [] : [{ target: target.model, retryAfterMs }],
  )
  const [soonest] = waits.toSorted((a, b) => a.retryAfterMs - b.retryAfterMs)
  if (soonest !== undefined) return { code: 'upstream_unavailable', ...soonest }
  if (absent.length > 0 && (wish.kind === 'pin' || wish.kind === 'off')) {
    return { code: 'model_not_found', model: wish.model }
  }
  const lengths = out.flatMap(({ target, promptTokens }) =>
    promptTokens === undefined ? [] : [{ promptTokens, context: target.context }],
  )
  const [roomiest] = lengths.toSorted((a, b) => b.context - a.context)
  if (roomiest !== undefined) return { code: 'context_length_exceeded', ...roomiest }
  const nobodyHas = needs.hard.find(
    (need) => !out.some(({ target }) => target.capabilities.has(need.capability)),
  )
  const nowhere =
    wish.kind === 'held'
      ? `no model is served by ${wish.upstream}, which holds the conversation it continues`
      : 'no model is configured'
  const isRouted = wish.kind === 'auto' || wish.kind === 'class'
  const isUnlisted =
    isRouted && models === undefined && isVendors(requestedModel) && !targets.has(requestedModel)
  return {
    code: 'no_capable_model',
    ...(isUnlisted && { unlisted: requestedModel }),
    reasons: out.length === 0 ? [nowhere] : out.map(({ target, reason }) => `${target.model}: ${reason}`),
    param: (nobodyHas ?? needs.hard[0])?.param ?? null,
  }
}
