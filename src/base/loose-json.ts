/** JSON that others wrote, whose shape nobody promises. */
export type LooseObject = Readonly<Record<string, unknown>>

/** What the bytes or the text say; undefined where they are no JSON. */
export function looselyParsed(json: Buffer | string): unknown {
  try {
    return JSON.parse(json.toString())
  } catch {
    return undefined
  }
}

/** A value's members; none for what has none. */
export function membersIn(value: unknown): LooseObject {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
