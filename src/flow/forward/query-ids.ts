import { fail } from '../../base/failure.ts'
import { idsIn } from './path.ts'

/** Every part of a query value that some upstream may read as an id. Throws as `requireFew` does. */
export function idsInQuery(query: string): readonly string[] {
  if (query === '') return NONE
  const ids = [...new URLSearchParams(query)].flatMap(([name, value]) =>
    value === '' || WORDLESS.has(name) ? [] : idsIn(value),
  )
  return requireFew(ids)
}

/** Each id costs a lookup, so one request may not name a thousand. Throws `invalid_request`. */
export function requireFew(ids: readonly string[]): readonly string[] {
  return ids.length > MOST_NAMED ? fail(TOO_MANY) : ids
}

const NONE: readonly string[] = []

/** No legitimate request of the API names more. */
const MOST_NAMED = 32

const TOO_MANY = {
  code: 'invalid_request',
  detail: `the path or its query has more than ${MOST_NAMED} parts that may be ids`,
  param: null,
} as const

/** Query parameters of the vendor's API that never carry ids. */
const WORDLESS: ReadonlySet<string> = new Set([
  ...['limit', 'order', 'model', 'stream', 'starting_after', 'include', 'include[]', 'include_obfuscation'],
])
