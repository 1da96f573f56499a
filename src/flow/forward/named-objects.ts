import type { Exchange } from '../exchange.ts'
import { idsIn, segmentsOf } from './path.ts'
import { idsInQuery, requireFew } from './query-ids.ts'

/** The method and path of a request. */
type Line = Pick<Exchange, 'method' | 'path'>

/** The file whose content a request downloads. */
export function fileReadBy({ method, path }: Line): string | undefined {
  const [family, file, content, ...more] = segmentsOf(path) ?? []
  const isContent = method === 'GET' && family === 'files' && content === 'content' && more.length === 0
  return isContent ? file : undefined
}

/** Whether a request creates a conversation, or adds items to one. */
export function fillsConversation({ method, path }: Line): boolean {
  const segments = segmentsOf(path) ?? []
  const isNew = segments.length === 1
  const isFilled = segments.length === 3 && segments[2] === 'items'
  return method === 'POST' && segments[0] === 'conversations' && (isNew || isFilled)
}

/** Whether a request lists stored objects: those of all teams, since they share the upstream account. */
export function listsKept({ method, path }: Line): boolean {
  return method === 'GET' && LISTS.has(segmentsOf(path)?.join('/') ?? '')
}

const LISTS = new Set(['chat/completions', 'responses', 'conversations'])

/** Every id a path and its query may name in any reading, the path's first. Throws as `requireFew` does. */
export function idsNamedBy({ path, query }: Pick<Exchange, 'path' | 'query'>): readonly string[] {
  const segments = segmentsOf(path) ?? []
  const ids = segments.filter((segment) => !WORDS.has(segment)).flatMap(idsIn)
  return [...requireFew(ids), ...idsInQuery(query)]
}

/** The model whose chats are to be listed. */
export function modelListedBy({ query }: Pick<Exchange, 'query'>): string | undefined {
  return query === '' ? undefined : (new URLSearchParams(query).get('model') ?? undefined)
}

/** Path segments of the API itself, never ids. */
const WORDS: ReadonlySet<string> = new Set([
  ...['chat', 'completions', 'responses', 'conversations'],
  ...['input_items', 'items', 'messages', 'cancel', 'v1'],
])
