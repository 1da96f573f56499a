/** JSON written by others, with no guaranteed shape. */
export type LooseObject = Readonly<Record<string, unknown>>

/** The parsed value; undefined if it is not JSON. */
export function looselyParsed(json: Buffer | string): unknown {
  try {
    return JSON.parse(json.toString())
  } catch {
    return undefined
  }
}

/** A value's members; empty for anything but an object. */
export function membersIn(value: unknown): LooseObject {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
