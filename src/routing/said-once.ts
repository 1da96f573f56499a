import { fail } from '../base/failure.ts'
import { foldKey } from '../base/folded-key.ts'
import type { Member } from '../base/json-span.ts'

/** Characters that make a key unambiguous. */
const PLAIN = /^[a-z0-9_]*$/

/**
 * Requires that the members contain each of these keys (lower case, at most 31) at most once, and none that a
 * case-insensitive parser takes for one of them. Throws `invalid_request`; `param` is the object's own and
 * only called if needed.
 */
export function requireOnce(members: readonly Member[], keys: readonly string[], param: () => string): void {
  let seen = 0
  for (const { key } of members) {
    const exact = keys.indexOf(key)
    if (exact === -1 && PLAIN.test(key)) continue
    const index = exact === -1 ? keys.indexOf(foldKey(key)) : exact
    if (index === -1) continue
    if (exact === -1 || (seen & (1 << index)) !== 0) {
      const name = `${param()}.${keys[index]}`
      fail({ code: 'invalid_request', detail: `'${name}' must appear only once, in lower case`, param: name })
    }
    seen |= 1 << index
  }
}
