import { type Capability, EFFORTS, type Effort, type Target } from '../base/target.ts'
import type { Need } from './features.ts'
import type { Needs } from './needs.ts'

/** On which terms a target takes a request: bare facts about the two, whoever else could serve it. */
export interface Terms {
  /** How hard it will think; undefined where nothing is known about that. */
  readonly effort: Effort | undefined
  /** Why the request is better served by another target, if there is one. */
  readonly doubt: string | undefined
}

const PLAIN: Terms = { effort: undefined, doubt: undefined }

/** The terms, or the first need that the target cannot serve. */
export function termsOf(needs: Needs, target: Target): Terms | { readonly lacks: Need } {
  const effort = effortOf(needs, target)
  for (const need of needs.hard) if (!takes(target, need.capability, effort)) return { lacks: need }
  if (target.effort === undefined && target.doubted.size === 0) return PLAIN
  return { effort, doubt: doubtOf(needs, target) }
}

/** Whether a target takes a feature while it thinks so hard. */
export function takes(target: Target, capability: Capability, effort: Effort | undefined): boolean {
  if (target.capabilities.has(capability)) return true
  if (target.effort?.atNone.has(capability)) return effort === 'none'
  return target.doubted.has(capability)
}

/**
 * How hard the target will think about this request: as asked, as near to that as it can be asked, or not at all where
 * it serves a need only so.
 */
export function effortOf(needs: Needs, target: Target): Effort | undefined {
  const rule = target.effort
  if (rule === undefined) return undefined
  return isForcedToNone(needs, target) ? 'none' : (askedOf(needs, target) ?? rule.usual)
}

/** What is written into the request: undefined where it says nothing about effort, or nothing the target knows. */
export function statedEffort(needs: Needs, target: Target): Effort | undefined {
  if (target.effort === undefined) return undefined
  return isForcedToNone(needs, target) ? 'none' : askedOf(needs, target)
}

function askedOf({ effort }: Needs, { effort: rule }: Target): Effort | undefined {
  return rule === undefined || effort === undefined ? undefined : nearest(effort, rule.values)
}

const LADDER: readonly string[] = EFFORTS

/** The value itself, else the next higher one, else the highest; undefined for a word nobody knows. */
function nearest(asked: string, values: readonly Effort[]): Effort | undefined {
  const place = LADDER.indexOf(asked)
  return place < 0 ? undefined : (values.find((value) => LADDER.indexOf(value) >= place) ?? values.at(-1))
}

/**
 * What a model surely takes only without reasoning makes it incapable where reasoning is asked for: to leave that out would
 * change the answer. Where sources disagree about that (tools), it is left out, and others are asked first.
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
