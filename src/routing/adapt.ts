import { type Edit, rootOf, splice } from '../base/json-span.ts'
import type { Target } from '../base/target.ts'
import { ChatRequest } from './chat-request.ts'
import type { ChatNeeds } from './needs.ts'
import { dropBreakpoints } from './nested-fields.ts'
import { ObjectEdits } from './object-edits.ts'
import { drop, onceEach, renameRoles, settleTier } from './rewriting.ts'
import { effortOf, statedEffort, takes } from './terms.ts'
import { isNameOf } from './wish.ts'

/** What is to be sent where. */
export interface Adaptation {
  readonly request: ChatRequest
  readonly needs: ChatNeeds
  /** The body `request` was read from. */
  readonly body: Buffer
  readonly target: Target
  /** The most output tokens one choice may have: the candidate's own, or less where a budget has less room. */
  readonly outputCap: number
  /** Money depends on the cap and the tier, so they are sent even where they are what the model does unasked. */
  readonly stateCap: boolean
  /** Have a stream end with its usage, whether the client asked or not. */
  readonly askForUsage: boolean
  /** Routing is off: beyond model, cap, tier and usage nothing is touched. */
  readonly asAsked: boolean
}

/** A body as its target takes it. */
export interface Adapted {
  readonly body: Buffer
  /** For `x-trivium-adapted`: `system->user`, `-temperature`, `max_tokens->max_completion_tokens=25500`. */
  readonly changes: readonly string[]
  /** The bound that holds for what was sent: no choice has more output tokens. */
  readonly outputCap: number
}

const READ_FIELDS: ReadonlySet<string> = new Set(Object.keys(ChatRequest.shape))

/**
 * Rewrites a body for its target, touching only what the target does not take; everything else stays byte for byte,
 * and where nothing must change the very same buffer comes back. Of a field that is read and was written twice, or in
 * another case, only the occurrence that was read is sent: no other parser upstream sees a cap or an `n` nobody counted with.
 *
 * The target must be capable of the request (`decide`), unless `asAsked`. The model's name and the question for usage
 * are not listed among the changes: the one stands in a header of its own, the other is hidden again.
 */
export function adapt(adaptation: Adaptation): Adapted {
  const { body, target, request } = adaptation
  const root = new ObjectEdits(body, rootOf(body))
  const changes = onceEach(root, READ_FIELDS)
  const inner: Edit[] = []
  if (request.model !== target.sentModel) root.set('model', JSON.stringify(target.sentModel))
  if (!adaptation.asAsked) {
    renameRoles(adaptation, root.last('messages'), inner, changes)
    dropRefused(adaptation, root, changes)
    dropBreakpoints(adaptation, root, inner, changes)
    settleEffort(adaptation, root, changes)
  }
  settleTier(adaptation, root, changes)
  const outputCap = settleCap(adaptation, root, changes)
  if (adaptation.askForUsage) askForUsage(adaptation, root, inner)
  return { body: splice(body, [...inner, ...root.edits()]), changes, outputCap }
}

function dropRefused({ needs, target }: Adaptation, root: ObjectEdits, changes: string[]): void {
  for (const field of needs.idle ?? []) drop(field, root, changes)
  const effort = effortOf(needs, target)
  for (const { capability, param } of needs.soft) {
    if (!takes(target, capability, effort)) drop(param, root, changes)
  }
  for (const field of target.refuses) {
    if (root.last(field) !== undefined) drop(field, root, changes)
  }
}

/**
 * Says the effort in a word the target knows. A word that was meant for this very target goes on as it is, so that
 * models learn words this program has not heard of.
 */
function settleEffort({ request, needs, target }: Adaptation, root: ObjectEdits, changes: string[]): void {
  const asked = request.reasoning_effort ?? undefined
  const stated = statedEffort(needs, target)
  if (target.effort === undefined || stated === asked) return
  if (stated !== 'none' && isNameOf(request.model, target.model)) return
  if (stated === undefined) drop('reasoning_effort', root, changes)
  else {
    root.set('reasoning_effort', JSON.stringify(stated))
    changes.push(`reasoning_effort=${stated}`)
  }
}

/**
 * Says the cap in the field the target knows. A client that named none gets one where less than the model's own maximum
 * is allowed, or where money depends on it. Answers the bound that holds now.
 */
function settleCap(adaptation: Adaptation, root: ObjectEdits, changes: string[]): number {
  const { request, needs, target } = adaptation
  const outputCap = Math.min(adaptation.outputCap, target.maxOutput)
  const { cap } = needs
  // Of a prediction, what is rejected is billed too, and no cap is promised to count it.
  if (request.prediction && adaptation.stateCap) drop('prediction', root, changes)
  const field = capField(adaptation)
  const other = field === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
  if (request[other] !== undefined && (request[other] !== null || !target.capabilities.has(other))) {
    root.drop(other)
    if (cap?.by !== other) changes.push(`-${other}`)
  }
  if (
    cap === undefined
      ? outputCap === target.maxOutput && !adaptation.stateCap
      : cap.by === field && cap.tokens === outputCap
  ) {
    return outputCap
  }
  root.set(field, String(outputCap))
  // Saying the model's own maximum changes nothing for the client.
  if (cap !== undefined || outputCap < target.maxOutput) {
    const told = cap === undefined || cap.by === field ? field : `${cap.by}->${field}`
    changes.push(`${told}=${outputCap}`)
  }
  if (cap === undefined && request.prediction) {
    // Predicted outputs are a hint for speed, and upstreams refuse them beside a cap.
    drop('prediction', root, changes)
  }
  return outputCap
}

/** The client's own field where the target takes it, else the one the target does take. */
function capField({ needs, target, asAsked }: Adaptation): 'max_tokens' | 'max_completion_tokens' {
  const by = needs.cap?.by ?? 'max_completion_tokens'
  if ((asAsked && needs.cap !== undefined) || target.capabilities.has(by)) return by
  return target.capabilities.has('max_completion_tokens') ? 'max_completion_tokens' : 'max_tokens'
}

function askForUsage({ request, needs, target, body }: Adaptation, root: ObjectEdits, inner: Edit[]): void {
  if (!needs.stream || needs.usageAsked || target.refuses.includes('stream_options')) return
  const options = root.last('stream_options')
  if (!request.stream_options || options === undefined) {
    root.set('stream_options', '{"include_usage":true}')
    return
  }
  const asked = new ObjectEdits(body, options.start)
  asked.set('include_usage', 'true')
  inner.push(...asked.edits())
}
