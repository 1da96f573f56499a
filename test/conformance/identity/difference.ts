import type { Recorded } from './recorder.ts'

/**
 * Headers that may differ through the proxy, as docs/clients.md says: those that carry the key, and
 * hop-by-hop ones.
 */
const OURS = new Set(['host', 'connection', 'authorization', 'accept-encoding', 'sec-fetch-mode'])

/** The differences between a recorded request and its counterpart through the proxy. Empty if they match. */
export function differencesOf(direct: Recorded, proxied: Recorded, routed: boolean): readonly string[] {
  const found: string[] = []
  if (direct.method !== proxied.method) found.push(`method ${direct.method} became ${proxied.method}`)
  if (direct.url !== proxied.url) found.push(`${direct.url} became ${proxied.url}`)
  const before = headersOf(direct, routed)
  const after = headersOf(proxied, routed)
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [one, other] = [before.get(name), after.get(name)]
    if (one !== other) found.push(`${name}: ${one} became ${other}`)
  }
  if (!routed && bodyOf(direct) !== bodyOf(proxied)) found.push('the body was changed')
  return found
}

/** Headers by lower-case name, repeated ones in order. A routed body may change its length. */
function headersOf(recorded: Recorded, routed: boolean): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  recorded.rawHeaders.forEach((name, index) => {
    const lower = name.toLowerCase()
    if (index % 2 === 1 || OURS.has(lower) || (routed && lower === 'content-length')) return
    const value = recorded.rawHeaders[index + 1] ?? ''
    const before = headers.get(lower)
    headers.set(lower, before === undefined ? unbound(value, recorded) : `${before}, ${value}`)
  })
  return headers
}

function bodyOf(recorded: Recorded): string {
  return unbound(recorded.body.toString('latin1'), recorded)
}

/** A form's boundary is random for every call. */
function unbound(text: string, { rawHeaders }: Recorded): string {
  const boundary = rawHeaders.flatMap((value) => /boundary=(\S+)/.exec(value)?.[1] ?? [])[0]
  return boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY')
}
