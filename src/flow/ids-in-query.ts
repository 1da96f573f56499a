import { fail } from '../base/failure.ts'
import { idsIn } from './raw/path.ts'

/** Every id that some upstream may read in a value of a query. Throws as `requireFew` does. */
export function idsInQuery(query: string): readonly string[] {
  if (query === '') return NONE
  const ids = [...new URLSearchParams(query)].flatMap(([name, value]) =>
    value === '' || WORDLESS.has(name) ? [] : idsIn(value),
  )
  return requireFew(ids)
}

/** Each id is looked up: nobody has a thousand looked up by one line. Throws `invalid_request`. */
export function requireFew(ids: readonly string[]): readonly string[] {
  return ids.length > MOST_NAMED ? fail(TOO_MANY) : ids
}

const NONE: readonly string[] = []

/** No request of the API's own names more. */
const MOST_NAMED = 32

const TOO_MANY = {
  code: 'invalid_request',
  detail: `the path or its query has more than ${MOST_NAMED} parts that may be ids`,
  param: null,
} as const

/** What the vendor's own queries say beside ids. */
const WORDLESS: ReadonlySet<string> = new Set([
  ...['limit', 'order', 'model', 'stream', 'starting_after', 'include', 'include[]', 'include_obfuscation'],
])
