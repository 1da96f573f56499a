/** A rule of a text, and where it stands: lines count from 1. */
export interface RulePlace {
  readonly id: string
  readonly line: number
}

const ID = /^\s*-\s+id:\s*['"]?([\w.-]+)/

/** Every rule of the text, also while it cannot be compiled. Of an id that stands there twice, the first. */
export function rulesIn(text: string): readonly RulePlace[] {
  const places = new Map<string, RulePlace>()
  for (const [index, line] of text.split('\n').entries()) {
    const id = ID.exec(line)?.[1]
    if (id !== undefined && !places.has(id)) places.set(id, { id, line: index + 1 })
  }
  return [...places.values()]
}
