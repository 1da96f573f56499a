import { fail } from '../base/failure.ts'
import { nameOfSealed } from '../base/sealed.ts'
import { OWN_TOOLS, toolsOf } from './hosted-tools.ts'
import { type Item, itemsOf, type ResponsesRequest } from './responses-request.ts'

/** What a request leans on that lies upstream, and that another model or another account may not have. */
export interface State {
  /** What names it: ids of an earlier response and its items, sealed thoughts. The first that is known tells who holds it. */
  readonly ids: readonly string[]
  /** The id of the response this one goes on from: its turns are billed once more as input. */
  readonly previous: string | undefined
  /** More may be read as input than stands in the body, and only the model's context bounds it. */
  readonly unseen: boolean
}

/** Undefined for a first turn, which any model can take: nothing of it lies anywhere but in its body. */
export function stateOf(request: ResponsesRequest): State | undefined {
  const { previous_response_id: previous, conversation, prompt, background } = request
  const { ids, ...items } = leaningOf(itemsOf(request))
  const conversationId = typeof conversation === 'object' ? conversation?.id : conversation
  for (const id of [conversationId, previous]) if (id) ids.unshift(...readingsOf(id))
  const leans = items.leans || typeof previous === 'string'
  const unseen = items.unseen || Boolean(conversation) || Boolean(prompt)
  // What the others find upstream is read as input.
  const isHosted = toolsOf(request).some(({ type }) => !OWN_TOOLS.has(type))
  if (!leans && !unseen && !background && !isHosted) return undefined
  return { ids, previous: previous ?? undefined, unseen: unseen || isHosted }
}

/**
 * What items lean on: ids of others, and names of what is sealed in them, each once. `unseen`: more is read than stands in them.
 * Throws `invalid_request` for more than anybody's conversation has.
 */
export function leaningOf(items: readonly Item[]): { ids: string[]; leans: boolean; unseen: boolean } {
  const ids = new Set<string>()
  let leans = false
  let unseen = false
  for (const item of items) {
    const { id, encrypted_content: sealed } = item
    const isSealed = typeof sealed === 'string' && sealed !== ''
    if (!isSealed && item.type !== 'reasoning' && !refersTo(item)) continue
    leans = true
    if (isSealed) for (const reading of readingsOf(sealed)) ids.add(nameOfSealed(reading))
    else unseen = true
    if (typeof id === 'string') for (const reading of readingsOf(id)) ids.add(reading)
  }
  if (ids.size > MOST_LEANT_ON) fail(TOO_MANY)
  return { ids: [...ids], leans, unseen }
}

/** Each is looked up, and everybody waits for that: as many as two thousand sealed thoughts of long work have. */
const MOST_LEANT_ON = 4096

const TOO_MANY = {
  code: 'invalid_request',
  detail: `the items name more than ${MOST_LEANT_ON} things that are kept elsewhere`,
  param: null,
} as const

/** Some upstreams pass over blanks around an id: whose it is, is asked of what is left as well. */
function readingsOf(id: string): readonly string[] {
  const trimmed = id.trim()
  return trimmed === id || trimmed === '' ? [id] : [id, trimmed]
}

/**
 * A reference may leave its type out: it is what says nothing by itself. So does a picture that was made earlier, without its data.
 */
function refersTo({ type, id, role, content, result }: Item): boolean {
  if (type === 'item_reference') return true
  if (typeof id !== 'string') return false
  if (type === 'image_generation_call') return typeof result !== 'string' || result === ''
  return !type && !role && (content === undefined || content === null)
}
