/** Deeper than anything people write. The parser's time grows with the square of the depth. */
const MOST_DEEP = 64

const COMMENT = /^\s*(?:#|$)/
const INDENT = /^ */
const INDICATOR = /(?:^|[ \t])[-?](?=[ \t]|$)/g
/**
 * Quoted text, a comment, or brackets where a value begins or ends: a bracket within a word opens nothing.
 */
const BRACKETS = /'[^'\n]*'|"(?:[^"\\\n]|\\.)*"|(?:^|[ \t])#.*|(?<=^|[ \t,:])[[{]+|[\]}]/g

/**
 * The first line (1-based) that is nested too deep, judging by indentation, dashes and brackets; undefined if
 * there is none. Linear in the length of the text; a parser would take minutes to find out.
 */
export function tooDeepLine(text: string): number | undefined {
  let open = 0
  for (const [index, line] of text.split('\n').entries()) {
    if (COMMENT.test(line)) continue
    const blank = INDENT.exec(line)?.[0].length ?? 0
    const marks = line.match(INDICATOR)?.length ?? 0
    for (const [brackets] of line.matchAll(BRACKETS)) {
      if (brackets.startsWith('[') || brackets.startsWith('{')) open += brackets.length
      else if (brackets === ']' || brackets === '}') open = Math.max(0, open - 1)
      if (open > MOST_DEEP) return index + 1
    }
    if (blank > 2 * MOST_DEEP || marks > MOST_DEEP) return index + 1
  }
  return undefined
}
