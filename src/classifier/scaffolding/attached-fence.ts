const PATH = String.raw`"?(?:[A-Za-z]:[\\/]|\/)?(?:[\w@.~-]+[\\/])*[\w@.-]+\.[A-Za-z]{1,8}"?`

/** How editors open the fence of an attached file: "```src/cart.ts (1-20)". People write a language there. */
const ATTACHED = new RegExp(`^\`\`\`(?:\\w+ )?(?:path=|title=)?${PATH}(?: ?[(:#].{0,24})?\\s*$`)
const PATH_LINE = new RegExp(`^${PATH}:?\\s*$`)

/**
 * Removes files that an editor attached to a text; if nothing else is said, the text is unchanged. After a
 * phrase of `dumps`, fences below a line that is a path count as attached files too. Linear in the length of
 * the text.
 */
export function compileAttachedFences(dumps: readonly string[]): (text: string) => string {
  return (text) => {
    if (!text.includes('```')) return text
    const dumped = dumps.some((phrase) => text.includes(phrase))
    const lines = text.split('\n')
    const own: string[] = []
    let attached = false
    for (const [at, line] of lines.entries()) {
      if (attached) attached = line.trimEnd() !== '```'
      else if (ATTACHED.test(line)) attached = true
      else if (dumped && line.startsWith('```') && PATH_LINE.test(lines[at - 1] ?? '')) {
        own.pop()
        attached = true
      } else own.push(line)
    }
    const words = own.join('\n').trim()
    return attached || words === '' ? text : words
  }
}
