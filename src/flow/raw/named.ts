import type { Exchange } from '../exchange.ts'
import { idsInQuery, requireFew } from '../ids-in-query.ts'
import { idsIn, segmentsOf } from './path.ts'

/** What a request asks for, by its method and its path. */
type Line = Pick<Exchange, 'method' | 'path'>

/** The file whose whole content a request asks for. */
export function fileReadBy({ method, path }: Line): string | undefined {
  const [family, file, content, ...more] = segmentsOf(path) ?? []
  const isContent = method === 'GET' && family === 'files' && content === 'content' && more.length === 0
  return isContent ? file : undefined
}

/** Whether a request begins a conversation, or puts items into one. */
export function fillsConversation({ method, path }: Line): boolean {
  const segments = segmentsOf(path) ?? []
  const isNew = segments.length === 1
  const isFilled = segments.length === 3 && segments[2] === 'items'
  return method === 'POST' && segments[0] === 'conversations' && (isNew || isFilled)
}

/** Whether a request lists what is kept: of all teams, since they share the upstream's account. */
export function listsKept({ method, path }: Line): boolean {
  return method === 'GET' && LISTS.has(segmentsOf(path)?.join('/') ?? '')
}

const LISTS = new Set(['chat/completions', 'responses', 'conversations'])

/** Every id that a path and its query may name, however they are read, those of the path first. Throws as `requireFew` does. */
export function idsNamedBy({ path, query }: Pick<Exchange, 'path' | 'query'>): readonly string[] {
  const segments = segmentsOf(path) ?? []
  const ids = segments.filter((segment) => !WORDS.has(segment)).flatMap(idsIn)
  return [...requireFew(ids), ...idsInQuery(query)]
}

/** The model whose chats a list is to show. */
export function modelListedBy({ query }: Pick<Exchange, 'query'>): string | undefined {
  return query === '' ? undefined : (new URLSearchParams(query).get('model') ?? undefined)
}

/** Segments of the API's own that are no ids. */
const WORDS: ReadonlySet<string> = new Set([
  ...['chat', 'completions', 'responses', 'conversations'],
  ...['input_items', 'items', 'messages', 'cancel', 'v1'],
])
