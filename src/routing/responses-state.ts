import { fail } from '../base/failure.ts'
import { nameOfSealed } from '../base/sealed.ts'
import { OWN_TOOLS, toolsOf } from './hosted-tools.ts'
import { type Item, itemsOf, type ResponsesRequest } from './responses-request.ts'

/** The upstream state a request depends on, which another model or account may not have. */
export interface State {
  /**
   * What identifies it: ids of an earlier response and its items, encrypted reasoning. The first one known
   * tells who holds it.
   */
  readonly ids: readonly string[]
  /** The id of the response this one continues; its turns are billed again as input. */
  readonly previous: string | undefined
  /** The model may read more input than the body contains, bounded only by its context. */
  readonly unseen: boolean
}

/** Undefined for a first turn, which any model can take: all of it is in the body. */
export function stateOf(request: ResponsesRequest): State | undefined {
  const { previous_response_id: previous, conversation, prompt, background } = request
  const { ids, ...items } = leaningOf(itemsOf(request))
  const conversationId = typeof conversation === 'object' ? conversation?.id : conversation
  for (const id of [conversationId, previous]) if (id) ids.unshift(...readingsOf(id))
  const leans = items.leans || typeof previous === 'string'
  const unseen = items.unseen || Boolean(conversation) || Boolean(prompt)
  // What hosted tools find is read as input.
  const isHosted = toolsOf(request).some(({ type }) => !OWN_TOOLS.has(type))
  if (!leans && !unseen && !background && !isHosted) return undefined
  return { ids, previous: previous ?? undefined, unseen: unseen || isHosted }
}

/**
 * What the items refer to: ids of others, and digests of encrypted content, each once. `unseen`: the model
 * reads more than the items contain. Throws `invalid_request` for more than any real conversation has.
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

/**
 * Each costs a lookup that delays every request. This covers two thousand encrypted reasoning items of a long
 * session.
 */
const MOST_LEANT_ON = 4096

const TOO_MANY = {
  code: 'invalid_request',
  detail: `the items refer to more than ${MOST_LEANT_ON} stored objects`,
  param: null,
} as const

/** Some upstreams ignore blanks around an id, so the trimmed id is checked as well. */
function readingsOf(id: string): readonly string[] {
  const trimmed = id.trim()
  return trimmed === id || trimmed === '' ? [id] : [id, trimmed]
}

/**
 * A reference may omit its type: it is an item that says nothing itself. So is an earlier generated image
 * without its data.
 */
function refersTo({ type, id, role, content, result }: Item): boolean {
  if (type === 'item_reference') return true
  if (typeof id !== 'string') return false
  if (type === 'image_generation_call') return typeof result !== 'string' || result === ''
  return !type && !role && (content === undefined || content === null)
}
