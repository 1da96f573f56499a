import { compileBeginnings } from './beginning.ts'

export interface Template {
  readonly begin: string
  readonly end?: string | undefined
  /** Only if nothing follows the end, where an answer is to be written. */
  readonly last: boolean
}

/** What programs write before, around and after a person's words, without tags. */
export interface Frames {
  /** Where the newest words begin and end in a conversation flattened into one text. */
  readonly templates: readonly Template[]
  /** Beginnings of lines that are a program's. */
  readonly lines: readonly string[]
  /** Beginnings of lines from which on everything is a program's. */
  readonly tails: readonly string[]
}

/** Llama puts the system prompt into the first user turn. */
const SYSTEM = /<<SYS>>[\s\S]*?<<\/SYS>>/

/** A character of a template's beginning that most texts lack: neither letter, digit nor blank. */
function signIn(begin: string): string {
  return /[^\p{L}\p{N}\s]/u.exec(begin)?.[0] ?? begin
}

/** Removes frames; if nothing would be left, the text is unchanged. */
export function compileFrames({ templates, lines, tails }: Frames): (text: string) => string {
  const isProgramLine = compileBeginnings(lines)
  const isTail = compileBeginnings(tails)
  const signed = templates.map((template) => ({ ...template, sign: signIn(template.begin) }))
  const signs = [...new Set(signed.map(({ sign }) => sign))]

  function framed(text: string): string {
    const present = signs.filter((sign) => text.includes(sign))
    if (present.length === 0) return text
    for (const { begin, end, last, sign } of signed) {
      // Most texts contain none, and a forward search takes a tenth of the time.
      if (!present.includes(sign) || !text.includes(begin)) continue
      const start = text.lastIndexOf(begin)
      if (last && end !== undefined && !text.trimEnd().endsWith(end)) continue
      const from = start + begin.length
      const until = end === undefined ? text.length : text.indexOf(end, from)
      if (until !== -1) return text.slice(from, until).replace(SYSTEM, '')
    }
    return text
  }

  return (text) => {
    const words = framed(text)
    if (!words.includes('\n')) return words
    const all = words.split('\n')
    const tail = all.findIndex((line, index) => index > 0 && isTail(line))
    const own = (tail === -1 ? all : all.slice(0, tail)).filter((line) => !isProgramLine(line))
    const left = own.length === all.length ? words : own.join('\n').trim()
    return left === '' ? words : left
  }
}
