import { type Edit, rootOf, splice } from '../base/json-span.ts'
import type { Target } from '../base/target.ts'
import { ChatRequest } from './chat-request.ts'
import type { ChatNeeds } from './needs.ts'
import { dropBreakpoints } from './nested-fields.ts'
import { ObjectEdits } from './object-edits.ts'
import { drop, dropRefused, onceEach, renameRoles, settleTier } from './rewriting.ts'
import { statedEffort } from './terms.ts'
import { isNameOf } from './wish.ts'

/** A request to adapt, and its target. */
export interface Adaptation {
  readonly request: ChatRequest
  readonly needs: ChatNeeds
  /** The body `request` was read from. */
  readonly body: Buffer
  readonly target: Target
  /** The most output tokens one choice may have: the target's maximum, or less if a budget has less room. */
  readonly outputCap: number
  /** State cap and tier even where they equal the model's defaults, because the bound depends on them. */
  readonly stateCap: boolean
  /** Ask for a usage frame at the end of a stream, whether or not the client did. */
  readonly askForUsage: boolean
  /** Routing is off: change nothing but model, cap, tier and usage. */
  readonly asAsked: boolean
}

/** A body adapted to its target. */
export interface Adapted {
  readonly body: Buffer
  /** For `x-trivium-adapted`: `system->user`, `-temperature`, `max_tokens->max_completion_tokens=25500`. */
  readonly changes: readonly string[]
  /** The bound in force for what was sent: no choice has more output tokens. */
  readonly outputCap: number
}

const READ_FIELDS: ReadonlySet<string> = new Set(Object.keys(ChatRequest.shape))

/**
 * Rewrites a body for its target. Only what the target does not accept is changed; everything else stays byte
 * for byte, and if nothing has to change the same buffer is returned. If a field that is read occurs twice,
 * or again in another case, only the occurrence that was read is sent, so that no upstream parser sees a cap
 * or an `n` that was not priced.
 *
 * The target must be capable of the request (`decide`), unless `asAsked`. The model's name and the request
 * for usage are not listed as changes: the former has its own header, the latter is hidden again.
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

/**
 * States the effort in a value the target knows. A value addressed to this very target is passed on
 * unchanged, so that models may accept values this program has not heard of.
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
 * States the cap in the field the target accepts. If the client set none, one is added where less than the
 * model's maximum is allowed or where the bound depends on it. Returns the cap now in force.
 */
function settleCap(adaptation: Adaptation, root: ObjectEdits, changes: string[]): number {
  const { request, needs, target } = adaptation
  const outputCap = Math.min(adaptation.outputCap, target.maxOutput)
  const { cap } = needs
  // Rejected tokens of a prediction are billed too, and no cap is documented to include them.
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
  // Stating the model's own maximum changes nothing for the client.
  if (cap !== undefined || outputCap < target.maxOutput) {
    const change = cap === undefined || cap.by === field ? field : `${cap.by}->${field}`
    changes.push(`${change}=${outputCap}`)
  }
  if (cap === undefined && request.prediction) {
    // Predicted outputs only speed things up, and upstreams refuse them together with a cap.
    drop('prediction', root, changes)
  }
  return outputCap
}

/** The client's own field if the target accepts it, else the one it does accept. */
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
