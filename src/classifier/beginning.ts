/** Tells whether a text begins in one of several ways; `*` stands for anything, case does not matter. */
export function compileBeginnings(beginnings: readonly string[]): (text: string) => boolean {
  const wanted = beginnings.map((beginning) => beginning.toLowerCase().split('*'))

  return (text) => {
    const start = text.slice(0, LONGEST).trimStart().toLowerCase()
    return wanted.some((pieces) => beginsWith(start, pieces))
  }
}

/** A beginning is looked for in so much of a text. UTF-16 units. */
const LONGEST = 200

/** Whether the first piece stands at the start, and the others follow in their order. */
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
