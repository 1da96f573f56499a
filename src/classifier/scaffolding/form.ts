const LONGEST_NAME = 32
/** "Message: …", "Transcript (confidence 0.93): …" */
const FIELD = /^([\p{L}\p{M}][\p{L}\p{M}\p{N} _#-]{0,31})(?:\([^()\n]{1,24}\))?[:：] *(.*)$/u

const COLON = /[:：]/

/** Opens a YAML value of several lines: then it is no form. */
const OPENS_BLOCK = /^[|>][-+]?$/

/** With fewer fields above it, a text is a person's own writing. */
const FEWEST_FIELDS = 2

/** Names of fields above the words of a ticket, a form or a mail, in lower case. */
export interface FormFields {
  /** Say who, when and where from. */
  readonly about: readonly string[]
  /** Hold the words, to the end. */
  readonly words: readonly string[]
}

/** What a person entered into a form, below the other fields a program sends; any other text is unchanged. */
export function compileForms({ about, words }: FormFields): (text: string) => string {
  const abouts = new Set(about)
  const holders = new Set(words)

  return (text) => {
    if (!text.includes('\n') || !COLON.test(text.slice(0, LONGEST_NAME + TITLE + 1))) return text
    const lines = text.trimStart().split('\n')
    let fields = 0
    /** The first field of an unknown name: it is the person's, unless one that holds their words follows. */
    let unknown: number | undefined
    let at = titleLength(lines)
    for (; at < lines.length; at += 1) {
      const line = (lines[at] ?? '').trimEnd()
      if (line === '') {
        if (FIELD.exec(lines[at + 1] ?? '') === null) break
        continue
      }
      const field = FIELD.exec(line)
      const name = field?.[1]?.trim().toLowerCase() ?? ''
      if (field !== null && OPENS_BLOCK.test(field[2] ?? '')) return text
      const isOpen = fields >= FEWEST_FIELDS && field?.[2] === '' && !FIELD.test(lines[at + 1] ?? '')
      if (holders.has(name) || isOpen) {
        const said = [field?.[2] ?? '', ...withoutFieldsBelow(lines.slice(at + 1))].join('\n').trim()
        return fields === 0 || said === '' ? text : said
      }
      if (abouts.has(name)) fields += 1
      else if (field !== null && fields >= FEWEST_FIELDS) unknown ??= at
      else break
    }
    const rest = lines
      .slice(unknown ?? at)
      .join('\n')
      .trim()
    return fields < FEWEST_FIELDS || rest === '' ? text : rest
  }
}

/** "Media: none", "Consent: yes", "Pour voir le ticket : https://x.example/7" below the words. */
const SMALL_FIELD = /^[\p{L}\p{M}][\p{L}\p{M}\p{N} _-]{0,23} ?[:：] (?:\S[^?？]{0,31}|https?:\/\/\S{1,200})$/u

/** The lines of a person's words without the short fields that a program added below. */
export function withoutFieldsBelow(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '' && !SMALL_FIELD.test(line.trim()))
  return lines.slice(0, last + 1)
}

/** A line such as "New form submission" may precede the fields. UTF-16 units. */
const TITLE = 40
/** "Is this mail honest?" is an ask. */
const ENDS_SENTENCE = /[.?!。？！]$/

/** Number of lines taken by a title and the empty lines after it. */
function titleLength(lines: readonly string[]): number {
  const [first = ''] = lines
  if (first.length > TITLE || COLON.test(first) || ENDS_SENTENCE.test(first)) return 0
  return lines.findIndex((line, index) => index > 0 && line.trim() !== '')
}
