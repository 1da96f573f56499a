/** A rule in a text and its 1-based line. */
export interface RulePlace {
  readonly id: string
  readonly line: number
}

const ID = /^\s*-\s+id:\s*['"]?([\w.-]+)/

/** Every rule of the text, even while it does not compile. For a duplicate id, the first. */
export function rulesIn(text: string): readonly RulePlace[] {
  const places = new Map<string, RulePlace>()
  for (const [index, line] of text.split('\n').entries()) {
    const id = ID.exec(line)?.[1]
    if (id !== undefined && !places.has(id)) places.set(id, { id, line: index + 1 })
  }
  return [...places.values()]
}
