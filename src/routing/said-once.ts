import { fail } from '../base/failure.ts'
import { foldKey } from '../base/folded-key.ts'
import { membersOf } from '../base/json-span.ts'

/**
 * Requires that the object which opens at `open` says each of these keys (lower case) once at the most, and nothing that a
 * parser which ignores case takes for one of them. `body` is JSON. Throws `invalid_request`; `param` is the object's own.
 */
export function requireOnce(body: Buffer, open: number, keys: ReadonlySet<string>, param: string): void {
  const seen = new Set<string>()
  for (const { key } of membersOf(body, open)) {
    const read = keys.has(key) ? key : foldKey(key)
    if (!keys.has(read)) continue
    if (key !== read || seen.has(read)) {
      const name = `${param}.${read}`
      fail({ code: 'invalid_request', detail: `'${name}' must be said once, in lower case`, param: name })
    }
    seen.add(read)
  }
}
