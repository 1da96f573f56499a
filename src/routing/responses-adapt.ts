import { type Edit, elementsOf, rootOf, splice } from '../base/json-span.ts'
import type { Adaptation, Adapted } from './adapt.ts'
import { hostedCalls } from './hosted-tools.ts'
import { dropBreakpoints } from './nested-fields.ts'
import { ObjectEdits } from './object-edits.ts'
import type { ResponsesNeeds } from './responses-needs.ts'
import { READ_FIELDS, type ResponsesRequest } from './responses-request.ts'
import { drop, dropRefused, note, onceEach, renameRoles, settleTier } from './rewriting.ts'
import { statedEffort } from './terms.ts'
import { isNameOf } from './wish.ts'

/** As for a chat, except that usage need not be asked for: a stream always ends with it. */
export interface ResponsesAdaptation
  extends Pick<Adaptation, 'body' | 'target' | 'outputCap' | 'stateCap' | 'asAsked'> {
  readonly request: ResponsesRequest
  readonly needs: ResponsesNeeds
}

/** The vendor refuses smaller caps. Tokens. */
export const LEAST_CAP = 16

/** Asks a reasoning model for its encrypted reasoning, to be sent back later. Other models refuse it. */
const ENCRYPTED_THOUGHTS = 'reasoning.encrypted_content'

/** Rewrites a Responses body for its target, as `adapt` does a chat's. */
export function adaptResponse(adaptation: ResponsesAdaptation): Adapted {
  const { body, target, request } = adaptation
  const root = new ObjectEdits(body, rootOf(body))
  const changes = onceEach(root, READ_FIELDS)
  const inner: Edit[] = []
  const isModelLeft = adaptation.asAsked && adaptation.needs.isModelStored === true
  if (isModelLeft) leaveModel(request, root, changes)
  else if (request.model !== target.sentModel) root.set('model', JSON.stringify(target.sentModel))
  if (!adaptation.asAsked) {
    renameRoles(adaptation, root.last('input'), inner, changes)
    tellInstructions(adaptation, root, inner, changes)
    dropRefused(adaptation, root, changes)
    dropThoughts(adaptation, root, changes)
    dropVerbosity(adaptation, root, inner, changes)
    dropBreakpoints(adaptation, root, inner, changes)
    settleEffort(adaptation, root, inner, changes)
  }
  settleTier(adaptation, root, changes)
  settleCalls(adaptation, root, changes)
  // The target's limits say nothing about the model that will answer.
  const outputCap = isModelLeft ? adaptation.outputCap : settleCap(adaptation, root, changes)
  return { body: splice(body, [...inner, ...root.edits()]), changes, outputCap }
}

/** `auto` is our own name; the stored prompt has the model's. */
function leaveModel({ model }: ResponsesRequest, root: ObjectEdits, changes: string[]): void {
  if (model === 'auto') drop('model', root, changes)
}

/** A model that accepts no instructions gets them as a user message in their place: before all else. */
function tellInstructions(
  { body, request, target }: ResponsesAdaptation,
  root: ObjectEdits,
  inner: Edit[],
  changes: string[],
): void {
  const { capabilities } = target
  const input = root.last('input')
  const instructions = root.last('instructions')
  const isList = typeof request.input === 'object' && request.input !== null
  if (instructions === undefined || capabilities.has('developer') || capabilities.has('system')) return
  if (request.instructions === '') drop('instructions', root, changes)
  if (typeof request.instructions === 'string' && request.instructions !== '') {
    const message = `{"role":"user","content":${body.toString('utf8', instructions.start, instructions.end)}}`
    if (isList && input !== undefined) {
      const isEmpty = elementsOf(body, input.start).length === 0
      inner.push({ start: input.start + 1, end: input.start + 1, text: isEmpty ? message : `${message},` })
    } else if (typeof request.input === 'string' && input !== undefined) {
      const asked = body.toString('utf8', input.start, input.end)
      root.set('input', `[${message},{"role":"user","content":${asked}}]`)
    } else root.set('input', `[${message}]`)
    root.drop('instructions')
    note(changes, 'instructions->user')
  }
}

/** Only a reasoning model has encrypted reasoning to return. */
function dropThoughts({ request, target }: ResponsesAdaptation, root: ObjectEdits, changes: string[]): void {
  if (target.reasoning || !request.include?.includes(ENCRYPTED_THOUGHTS)) return
  const others = request.include.filter((name) => name !== ENCRYPTED_THOUGHTS)
  if (others.length > 0) root.set('include', JSON.stringify(others))
  else root.drop('include')
  note(changes, `-include.${ENCRYPTED_THOUGHTS}`)
}

/** A chat has this field at the top level, and that is the name under which targets list it as refused. */
function dropVerbosity(
  { body, request: { text: said }, target }: ResponsesAdaptation,
  root: ObjectEdits,
  inner: Edit[],
  changes: string[],
): void {
  if (!said || !('verbosity' in said) || !target.refuses.includes('verbosity')) return
  const text = root.last('text')
  if (text === undefined || target.refuses.includes('text')) return
  const isAlone = Object.keys(said).length === 1
  if (isAlone) root.drop('text')
  else {
    const within = new ObjectEdits(body, text.start)
    within.drop('verbosity')
    inner.push(...within.edits())
  }
  note(changes, '-text.verbosity')
}

/** As for a chat, within `reasoning`. */
function settleEffort(
  { body, request, needs, target }: ResponsesAdaptation,
  root: ObjectEdits,
  inner: Edit[],
  changes: string[],
): void {
  const asked = request.reasoning?.effort ?? undefined
  const stated = statedEffort(needs, target)
  if (target.effort === undefined || stated === asked) return
  if (stated !== 'none' && isNameOf(request.model ?? '', target.model)) return
  if (stated === undefined) {
    drop('reasoning', root, changes)
    return
  }
  const reasoning = root.last('reasoning')
  if (request.reasoning && reasoning !== undefined) {
    const within = new ObjectEdits(body, reasoning.start)
    within.set('effort', JSON.stringify(stated))
    inner.push(...within.edits())
  } else root.set('reasoning', JSON.stringify({ effort: stated }))
  changes.push(`reasoning.effort=${stated}`)
}

/** Under a budget an answer may make at most the hosted tool calls that are held for. */
function settleCalls({ request, stateCap }: ResponsesAdaptation, root: ObjectEdits, changes: string[]): void {
  const calls = hostedCalls(request)
  if (!stateCap || calls === 0 || typeof request.max_tool_calls === 'number') return
  root.set('max_tool_calls', String(calls))
  changes.push(`max_tool_calls=${calls}`)
}

/** As for a chat, in the only field there is. */
function settleCap(
  { needs, target, stateCap, ...adaptation }: ResponsesAdaptation,
  root: ObjectEdits,
  changes: string[],
): number {
  const { cap } = needs
  // The client's own mistake: let the upstream report it.
  if (cap !== undefined && cap.tokens < LEAST_CAP) return cap.tokens
  const outputCap = Math.max(LEAST_CAP, Math.min(adaptation.outputCap, target.maxOutput))
  if (cap === undefined ? outputCap === target.maxOutput && !stateCap : cap.tokens === outputCap) {
    return outputCap
  }
  root.set('max_output_tokens', String(outputCap))
  if (cap !== undefined || outputCap < target.maxOutput) changes.push(`max_output_tokens=${outputCap}`)
  return outputCap
}
