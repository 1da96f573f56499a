/**
 * Matches the beginning of a text against several patterns; `*` stands for anything but may not come first.
 * Ignores case, and blanks and emphasis marks before the first letter.
 */
export function compileBeginnings(beginnings: readonly string[]): (text: string) => boolean {
  const wanted = beginnings.map((beginning) => beginning.toLowerCase().split('*'))
  const byFirst = Map.groupBy(wanted, ([first = '']) => first.charAt(0))
  const firstUnits = new Set(
    [...byFirst.keys()].flatMap((first) => [unitOf(first), unitOf(first.toUpperCase())]),
  )

  return (text) => {
    const from = startOf(text)
    // Most lines of a long text end here: its cost is this line's.
    if (!firstUnits.has(text.charCodeAt(from))) return false
    const alike = byFirst.get(text.charAt(from).toLowerCase()) ?? []
    const start = text.slice(from, from + LONGEST).toLowerCase()
    return alike.some((pieces) => beginsWith(start, pieces))
  }
}

/** A beginning is looked for only this far into a text. UTF-16 units. */
const LONGEST = 200
const SKIPPED = new Set(Array.from(' \t\r\n*_', unitOf))

function unitOf(character: string): number {
  return character.charCodeAt(0)
}

function startOf(text: string): number {
  let at = 0
  while (at < LONGEST && SKIPPED.has(text.charCodeAt(at))) at += 1
  return at
}

/** Whether the first piece is at the start and the others follow in order. */
function beginsWith(start: string, [first = '', ...others]: readonly string[]): boolean {
  if (!start.startsWith(first)) return false
  let from = first.length
  for (const piece of others) {
    const at = start.indexOf(piece, from)
    if (at === -1) return false
    from = at + piece.length
  }
  return true
}
