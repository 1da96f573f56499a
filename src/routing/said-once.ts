import { fail } from '../base/failure.ts'
import { foldKey } from '../base/folded-key.ts'
import type { Member } from '../base/json-span.ts'

/** In these signs a key can be taken for no other one. */
const PLAIN = /^[a-z0-9_]*$/

/**
 * Requires that an object's members say each of these keys (lower case, at most 31) once at the most, and nothing that a
 * parser which ignores case takes for one of them. Throws `invalid_request`; `param` is the object's own, and asked for
 * where it is needed.
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
      fail({ code: 'invalid_request', detail: `'${name}' must be said once, in lower case`, param: name })
    }
    seen |= 1 << index
  }
}
