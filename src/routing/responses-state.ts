import { itemsOf, type ResponsesRequest } from './responses-request.ts'

/** What a request leans on that lies upstream, and that another model or another account may not have. */
export interface State {
  /** Ids that name it: of an earlier response, of a reasoning item. The first that is known tells who holds it. */
  readonly ids: readonly string[]
  /** The id of the response this one goes on from: its turns are billed once more as input. */
  readonly previous: string | undefined
  /** More may be read as input than stands in the body, and only the model's context bounds it. */
  readonly unseen: boolean
}

/** Undefined for a first turn, which any model can take: nothing of it lies anywhere but in its body. */
export function stateOf(request: ResponsesRequest): State | undefined {
  const { previous_response_id: previous, conversation, prompt, background, tools } = request
  const ids = previous ? [previous] : []
  let leans = previous !== undefined && previous !== null
  let unseen = Boolean(conversation) || Boolean(prompt)
  for (const item of itemsOf(request)) {
    if (item.type !== 'reasoning' && item.type !== 'item_reference') continue
    leans = true
    if (item.type === 'item_reference' || !item.encrypted_content) unseen = true
    if (typeof item.id === 'string') ids.push(item.id)
  }
  const isHosted = tools?.some(({ type }) => !OWN_TOOLS.has(type)) ?? false
  if (!leans && !unseen && !background && !isHosted) return undefined
  return { ids, previous: previous ?? undefined, unseen: unseen || isHosted }
}

/** Tools that the client runs itself. All others run upstream, and what they find is read as input. */
const OWN_TOOLS: ReadonlySet<string> = new Set(['function', 'custom'])
