import { type Capability, EFFORTS, type Effort, type Target } from '../base/target.ts'
import type { Need } from './features.ts'
import type { Needs } from './needs.ts'

/** The terms on which a target takes a request, regardless of who else could serve it. */
export interface Terms {
  /** The reasoning effort the target will apply; undefined if unknown. */
  readonly effort: Effort | undefined
  /** Why another target, if there is one, would serve the request better. */
  readonly doubt: string | undefined
}

const PLAIN: Terms = { effort: undefined, doubt: undefined }

/** The terms, or the first need the target cannot serve. */
export function termsOf(needs: Needs, target: Target): Terms | { readonly lacks: Need } {
  const effort = effortOf(needs, target)
  for (const need of needs.hard) if (!takes(target, need.capability, effort)) return { lacks: need }
  if (target.effort === undefined && target.doubted.size === 0) return PLAIN
  return { effort, doubt: doubtOf(needs, target) }
}

/** Whether a target takes a feature at this reasoning effort. */
export function takes(target: Target, capability: Capability, effort: Effort | undefined): boolean {
  if (target.capabilities.has(capability)) return true
  if (target.effort?.atNone.has(capability)) return effort === 'none'
  return target.doubted.has(capability)
}

/**
 * The effort the target will apply to this request: as asked, or the nearest value it knows, or `none` if it
 * serves a need only without reasoning.
 */
export function effortOf(needs: Needs, target: Target): Effort | undefined {
  const rule = target.effort
  if (rule === undefined) return undefined
  return isForcedToNone(needs, target) ? 'none' : (askedOf(needs, target) ?? rule.usual)
}

/** The effort to state in the request; undefined if the client asked for none the target knows. */
export function statedEffort(needs: Needs, target: Target): Effort | undefined {
  if (target.effort === undefined) return undefined
  return isForcedToNone(needs, target) ? 'none' : askedOf(needs, target)
}

function askedOf({ effort }: Needs, { effort: rule }: Target): Effort | undefined {
  return rule === undefined || effort === undefined ? undefined : nearest(effort, rule.values)
}

const LADDER: readonly string[] = EFFORTS

/** The value itself, else the next higher one, else the highest; undefined for an unknown word. */
function nearest(asked: string, values: readonly Effort[]): Effort | undefined {
  const rung = LADDER.indexOf(asked)
  return rung < 0 ? undefined : (values.find((value) => LADDER.indexOf(value) >= rung) ?? values.at(-1))
}

/**
 * A model that certainly takes a feature only without reasoning is incapable if reasoning was asked for:
 * dropping it would change the answer. Where sources disagree (tools), reasoning is dropped, and other models
 * are asked first.
 */
function isForcedToNone(needs: Needs, target: Target): boolean {
  const { capabilities, effort: rule, doubted } = target
  if (rule === undefined || rule.atNone.size === 0) return false
  const only = needs.hard.filter(
    ({ capability }) => !capabilities.has(capability) && rule.atNone.has(capability),
  )
  if (only.length === 0) return false
  const asked = askedOf(needs, target)
  return asked === undefined || asked === 'none' || only.every(({ capability }) => doubted.has(capability))
}

function doubtOf(needs: Needs, target: Target): string | undefined {
  const doubted = needs.hard.find(({ capability }) => target.doubted.has(capability))
  if (doubted !== undefined) return `${doubted.capability} doubted`
  const asked = askedOf(needs, target) ?? target.effort?.usual
  return isForcedToNone(needs, target) && asked !== 'none' ? 'only without reasoning' : undefined
}
