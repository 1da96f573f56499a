/** Headings of prompts laid out by a program in Markdown, in lower case. */
export interface Headings {
  /** Above the person's words. */
  readonly ask: readonly string[]
  /** Above what a program adds: how to answer, what is known. */
  readonly rest: readonly string[]
}

/** "## Task", or "[[ ## question ## ]]" as in DSPy. */
const HEADING = /^(?:\[\[ )?#{1,6} +(.{1,40}?) *[:：]? *#*(?: \]\])?$/

/** The sections with a person's words, if all headings of a text are a program's; otherwise unchanged. */
export function compileSections({ ask, rest }: Headings): (text: string) => string {
  const asks = new Set(ask)
  const rests = new Set(rest)

  return (text) => {
    if (!text.includes('\n')) return text
    const start = text.trimStart()
    if (!start.startsWith('#') && !start.startsWith('[[ ##')) return text
    const own: string[] = []
    let asked = false
    for (const line of start.split('\n')) {
      const heading = HEADING.exec(line.trimEnd())?.[1]?.toLowerCase()
      if (heading === undefined) {
        if (asked) own.push(line)
      } else if (asks.has(heading)) asked = true
      else if (rests.has(heading) || rests.has(heading.slice(heading.lastIndexOf(' ') + 1))) asked = false
      else return text
    }
    const words = own.join('\n').trim()
    return words === '' ? text : words
  }
}
