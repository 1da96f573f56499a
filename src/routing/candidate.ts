import type { PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'
import { fittingCap, outputCapOf } from './output-cap.ts'
import { type AboutTokens, fitOf } from './prompt-fit.ts'
import { termsOf } from './terms.ts'
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
      /** Why others are asked first, if they can be. */
      readonly doubt: string | undefined
    }
  | {
      readonly in: false
      readonly target: Target
      readonly reason: string
      readonly absence?: Absence
      /** About how long the prompt is, where that is the only reason. */
      readonly promptTokens?: number
    }

export type Usable = Extract<Candidate, { in: true }>
export type Unusable = Extract<Candidate, { in: false }>

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
  /** Whether its upstream has asked to be left alone for a moment. */
  isStrained(target: Target): boolean
  /** The places that serve a target's model, the one to ask first before the others. */
  placesOf(target: Target): readonly Target[]
  readonly aboutTokens: AboutTokens
  /** Given when price matters more than the order of a route. */
  readonly cheapest?: Cheapest
}

/** An order by cost. */
export interface Cheapest {
  /** The classes whose routes are thrown together; the others are asked after them. */
  readonly among: readonly PromptClass[]
  /** Any number that grows with the price of this request. */
  costOf(target: Target): number
  /** In words, for those who ask why. */
  readonly reason: string
}

/** Whether a target may serve the request, and with how long an answer; or why not. */
export function weigh(question: Question, target: Target): Candidate {
  const { needs, models, mustBePriced, aboutTokens } = question
  const out = (reason: string): Unusable => ({ in: false, target, reason })
  if (models !== undefined && !models.has(target.model)) return out(`not on the team's list`)
  if (mustBePriced && !question.isPriced(target)) return out('no price, and a budget applies')
  const isCapSent = needs.cap !== undefined || mustBePriced
  const ownCap = outputCapOf(needs, target, isCapMeantWhole(question))
  const outputCap = isCapSent ? fittingCap(needs, target, ownCap, aboutTokens) : ownCap
  let doubt: string | undefined
  if (question.wish.kind !== 'off') {
    if (!isThere(target, needs)) return out(thereFor(target))
    const terms = termsOf(needs, target)
    if ('lacks' in terms) return out(`no ${terms.lacks.capability}`)
    const fit = fitOf(needs, target, isCapSent ? outputCap : 0, aboutTokens)
    if (fit === 'no') return tooLong(target, aboutTokens(target, 0))
    doubt = fit === 'perhaps' ? TOO_LONG_PERHAPS : terms.doubt
  }
  if (question.isStrained(target)) doubt ??= 'its upstream asked to wait'
  const absence = question.absenceOf(target)
  return absence === undefined
    ? { in: true, target, outputCap, doubt }
    : { in: false, target, reason: absence.reason, absence }
}

export const TOO_LONG_PERHAPS = 'the prompt may be too long'

function tooLong(target: Target, promptTokens: number): Unusable {
  const reason = `context ${target.context} < about ${promptTokens} tokens`
  return { in: false, target, reason, promptTokens }
}

/** Models of some kinds answer only what they are there for. */
function isThere({ onlyFor }: Target, { hard }: Needs): boolean {
  return onlyFor === undefined || hard.some(({ capability }) => onlyFor.includes(capability))
}

function thereFor({ onlyFor }: Target): string {
  return onlyFor?.length ? `only for ${onlyFor.join(', ')}` : 'no chats'
}

/**
 * Whether the client's cap counts reasoning: it chose a reasoning model itself and used the field that is defined so,
 * or it wants its request sent as it was asked.
 */
function isCapMeantWhole({ wish, needs, targets, requestedModel }: Question): boolean {
  if (wish.kind === 'off') return true
  if (needs.cap?.by === undefined || needs.cap.by === 'max_tokens') return false
  return targets.get(wish.kind === 'pin' ? wish.model : requestedModel)?.reasoning === true
}
