/**
 * Matches the beginning of a text against several patterns; `*` stands for at most 200 UTF-16 units of anything
 * and may not come first. Ignores case, and blanks and emphasis marks before the first letter. Linear in what
 * it reads of the text.
 */
export function compileBeginnings(beginnings: readonly string[]): (text: string) => boolean {
  if (beginnings.length === 0) return () => false
  const pattern = new RegExp(`^[ \\t\\r\\n*_]{0,200}(?:${beginnings.map(patternOf).join('|')})`, 'i')
  return (text) => pattern.test(text)
}

/** A lookahead is not entered again: only the first place of each piece is tried. */
function patternOf(beginning: string, index: number): string {
  const [first = '', ...others] = beginning.split('*').map(RegExp.escape)
  return others.reduce((start, piece, at) => {
    const name = `piece_${index}_${at}`
    return `${start}(?=(?<${name}>[^]{0,200}?${piece}))\\k<${name}>`
  }, first)
}
