import { hash } from 'node:crypto'
import { fail } from '../base/failure.ts'
import type { Holder } from '../base/holder.ts'
import type { Message } from '../base/message.ts'
import type { Verdict } from '../classifier/verdict.ts'
import { readWish, type Wish } from '../routing/wish.ts'
import type { Admitted } from './admit.ts'
import { headerOf } from './exchange.ts'
import type { Parsed } from './parse.ts'
import type { Runtime } from './runtime.ts'
import type { Key, Team } from './team.ts'
import type { RoutedVerdict, Trip } from './trip.ts'

/** A request whose class is known. */
export interface Classified extends Parsed {
  readonly wish: Wish
  readonly routed: RoutedVerdict
}

/**
 * Reads the client's wish and, if it leaves the choice to us, classifies what the person asks. Always yields
 * a verdict: when unsure, an abstention. Throws `model_not_found` for a pin that is unknown or not allowed to
 * the team.
 */
export function classify(trip: Trip, { key }: Admitted, parsed: Parsed): Classified {
  trip.trace?.enter('classify')
  const { runtime } = trip.live
  const { request } = parsed
  const route = headerOf(trip.exchange.headers, 'x-trivium-route')
  const isLeft = parsed.needs.isModelStored === true && parsed.holder === undefined && isUnsteered(route)
  const wish = isLeft
    ? leftToPrompt(key, runtime)
    : keptWith(readWish(request.model, route, key.team, runtime.targets), parsed, key.team, runtime)
  trip.conversation = conversationOf(request.messages)
  const routed = routedBy(wish, parsed.holder, () => runtime.classifier.classify(request.messages))
  trip.routed = routed
  return { ...parsed, wish, routed }
}

function isUnsteered(route: string | undefined): boolean {
  return route === undefined || ['', 'auto', 'off'].includes(route.trim())
}

/**
 * A stored prompt that names its own model is forwarded unchanged to the upstream of the first
 * `language_heavy` model. Throws `invalid_request` if the team or key has budgets or a list of models: the
 * name is not visible here, so neither can be enforced.
 */
function leftToPrompt({ team, budgets }: Key, { routes }: Pick<Runtime, 'routes'>): Wish {
  const [first] = routes.language_heavy
  const isBound = team.budgets.length + budgets.length > 0 || team.models !== undefined
  return isBound || first === undefined ? fail(UNNAMED) : { kind: 'off', model: first.model }
}

const UNNAMED = {
  code: 'invalid_request',
  detail:
    "name the model in 'model': a stored prompt chooses its model upstream, where no budget or list of models can be enforced",
  param: 'model',
} as const

/**
 * A request that depends on upstream state stays with the model that holds it, or with the model the client
 * named if the holder is unknown. An explicit pin still wins.
 */
function keptWith(
  wish: Wish,
  { request, holder }: Parsed,
  { models }: Team,
  { targets }: Pick<Runtime, 'targets'>,
): Wish {
  if (request.state === undefined || wish.kind === 'pin' || wish.kind === 'off') return wish
  if (holder !== undefined) {
    return { kind: 'held', model: holder.model, upstream: holder.upstream }
  }
  const isOwn = targets.has(request.model) && (models?.has(request.model) ?? true)
  return isOwn ? { kind: 'off', model: request.model } : wish
}

function routedBy(wish: Wish, holder: Holder | undefined, classify: () => Verdict): RoutedVerdict {
  if (wish.kind === 'held' && holder !== undefined && holder.class !== null) {
    return { class: holder.class, confidence: null, cause: 'inherited', verdict: undefined }
  }
  if (wish.kind === 'class') return { class: wish.class, confidence: 1, cause: 'forced', verdict: undefined }
  if (wish.kind !== 'auto') return { class: null, confidence: null, cause: 'pinned', verdict: undefined }
  const verdict = classify()
  return { class: verdict.class, confidence: verdict.confidence, cause: verdict.cause, verdict }
}

/** How much of each of the first turns goes into the conversation's hash, in UTF-16 units. */
const HASHED_CHARACTERS = 2048

/** A conversation's turns share a hash: it covers the turns up to and including the user's first. */
function conversationOf(messages: readonly Message[]): string {
  let first = ''
  for (const { role, content } of messages) {
    const text =
      typeof content === 'string'
        ? content
        : (content ?? []).map(({ text }) => (typeof text === 'string' ? text : '')).join('\n')
    first += `${role}\n${text.slice(0, HASHED_CHARACTERS)}\n`
    if (role === 'user') break
  }
  return hash('sha256', first, 'hex').slice(0, 16)
}
