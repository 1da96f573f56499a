import type { Absence } from '../base/availability.ts'
import type { PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Needs } from './needs.ts'
import { fittingCap, outputCapOf } from './output-cap.ts'
import { type AboutTokens, fitOf } from './prompt-fit.ts'
import { termsOf } from './terms.ts'
import type { Wish } from './wish.ts'

/** A target that was considered. */
export type Candidate =
  | {
      readonly in: true
      readonly target: Target
      /** The most output tokens one choice may have, before any budget lowers it. */
      readonly outputCap: number
      /** Why other candidates, if any, are asked first. */
      readonly doubt: string | undefined
    }
  | {
      readonly in: false
      readonly target: Target
      readonly reason: string
      readonly absence?: Absence
      /** The approximate length of the prompt, if that is the only reason. */
      readonly promptTokens?: number
    }

export type Usable = Extract<Candidate, { in: true }>
export type Unusable = Extract<Candidate, { in: false }>

/** The inputs of a decision. Its functions answer for the moment of the request: no clock is needed. */
export interface Question {
  readonly wish: Wish
  /** The verdict's class, or the forced one; ignored for a pinned model. */
  readonly class: PromptClass
  readonly needs: Needs
  /** The request's own `model`. */
  readonly requestedModel: string
  readonly routes: Readonly<Record<PromptClass, readonly Target[]>>
  readonly targets: ReadonlyMap<string, Target>
  /** The team's allow-list; undefined allows every configured model. */
  readonly models: ReadonlySet<string> | undefined
  /** A budget applies, so a model without a price cannot serve. */
  readonly mustBePriced: boolean
  isPriced(target: Target): boolean
  absenceOf(target: Target): Absence | undefined
  /** Whether its upstream has asked for a pause. */
  isStrained(target: Target): boolean
  /** The places that serve a target's model, in the order to ask them. */
  placesOf(target: Target): readonly Target[]
  readonly aboutTokens: AboutTokens
  /** Present if price overrides the order of a route. */
  readonly cheapest?: Cheapest
}

/** An order by cost. */
export interface Cheapest {
  /** The classes whose routes are merged; all others come after them. */
  readonly among: readonly PromptClass[]
  /** Any number that increases with the price of this request. */
  costOf(target: Target): number
  /** The explanation shown to people. */
  readonly reason: string
}

/** Whether a target may serve the request, and with which cap; or why not. */
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

/** Some models serve only requests that use what they are made for. */
function isThere({ onlyFor }: Target, { hard }: Needs): boolean {
  return onlyFor === undefined || hard.some(({ capability }) => onlyFor.includes(capability))
}

function thereFor({ onlyFor }: Target): string {
  return onlyFor?.length ? `only for ${onlyFor.join(', ')}` : 'no chats'
}

/**
 * Whether the client's cap includes reasoning: it chose a reasoning model itself and used the field defined
 * that way, or routing is off for this request.
 */
function isCapMeantWhole({ wish, needs, targets, requestedModel }: Question): boolean {
  if (wish.kind === 'off') return true
  if (needs.cap?.by === undefined || needs.cap.by === 'max_tokens') return false
  return targets.get(wish.kind === 'pin' ? wish.model : requestedModel)?.reasoning === true
}
