/** An answer's headers as undici reports them: a repeated header is a list. */
export type RepeatedHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Names and values alternating: what undici handles fastest. */
export function flat(...groups: readonly Readonly<Record<string, string>>[]): string[] {
  const headers: string[] = []
  for (const group of groups) for (const name in group) headers.push(name, group[name] ?? '')
  return headers
}

/** Joins repeated headers with a comma. Nearly always there are none, and undici's own object will do. */
export function joined(headers: RepeatedHeaders): Readonly<Record<string, string>> {
  return isSingle(headers) ? headers : copyJoined(headers)
}

function isSingle(headers: RepeatedHeaders): headers is Readonly<Record<string, string>> {
  for (const name in headers) if (typeof headers[name] !== 'string') return false
  return true
}

function copyJoined(headers: RepeatedHeaders): Record<string, string> {
  const copy: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) copy[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return copy
}
