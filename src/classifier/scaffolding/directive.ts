/** Recognises sentences that a program adds to say how to answer. In lower case. */
export interface DirectiveWords {
  /** How such sentences begin: "answer", "antworte", "请用". */
  readonly openings: readonly string[]
  /** Their subjects, one of which must follow: "json", "in french", "字以内". */
  readonly about: readonly string[]
  /** Beginnings of sentences that tell the model what it is: "you are a". */
  readonly personas: readonly string[]
  /** May precede an opening, and mean nothing by themselves: "please", "always". */
  readonly before: readonly string[]
  /** A sentence that mentions one of these is an ask. */
  readonly text: readonly string[]
  /** What a program put beside the words: "sources above". A subject, and no mention of a text. */
  readonly material: readonly string[]
}

/** A longer paragraph, or one with more sentences, is the person's. UTF-16 units. */
const LONGEST = 400
const MOST_SENTENCES = 6

/** Of a longer text only the ends are scored. UTF-16 units. */
const LARGEST = 8_192

/** Anything shorter is no ask. UTF-16 units. */
const LEAST_LEFT = 4

const FIELD = /^\p{L}[\p{L} ]{1,24}[:：]/u
/** A question is an ask; a line without letters says nothing. */
const ASKS_OR_EMPTY = /[?？]|^[^\p{L}]*$/u
/** An opening is looked for only this far into a paragraph. UTF-16 units. */
const START = 48
const SENTENCE_END = /(?<=[.!?])\s+|(?<=[。！？])\s*/
const APART = /\n\s*\n/
const FENCED = /^(```|"""|''')[^\n]*\n([\s\S]*)\n\1$/

/**
 * Removes the paragraphs above and below a person's words that only say how to answer or who answers, and
 * such a last line. Every sentence of them must qualify: "You are a poet. Write about autumn." stays. If such
 * a paragraph introduces a fenced block, the block is unwrapped. If nothing else is said, the text is
 * unchanged. Linear in its length.
 */
export function compileDirectives({
  openings,
  about,
  personas,
  before,
  text: texts,
  material,
}: DirectiveWords): (text: string) => string {
  const openingsByFirst = Map.groupBy([...openings, ...personas], (one) => one.charAt(0))
  const isPersona = new Set(personas)
  const leading = new Set(before)

  return (text) => {
    if (text.length > LARGEST || !text.includes('\n')) return text
    const paragraphs = text.trim().split(APART)
    let from = 0
    while (from < paragraphs.length - 1 && isDirective(paragraphs[from] ?? '', true)) from += 1
    let to = paragraphs.length
    while (to > from + 1 && isDirective(paragraphs[to - 1] ?? '')) to -= 1
    const kept = to - from === paragraphs.length ? text : paragraphs.slice(from, to).join('\n\n').trim()
    const left = withoutLastLine(kept)
    if (left.length < LEAST_LEFT) return text
    return from === 0 ? left : (FENCED.exec(left)?.[2]?.trim() ?? left)
  }

  /** A directive may be right below the words; below a field it belongs to what the fields ask. */
  function withoutLastLine(words: string): string {
    const end = words.lastIndexOf('\n')
    if (end === -1 || words.length - end > LONGEST || !isDirective(words.slice(end + 1))) return words
    const left = words.slice(0, end).trim()
    const above = left.slice(left.lastIndexOf('\n') + 1)
    return left.length < LEAST_LEFT || FIELD.test(above) ? words : left
  }

  /** `above`: personas count only above the words. */
  function isDirective(paragraph: string, above = false): boolean {
    if (paragraph.length > LONGEST || ASKS_OR_EMPTY.test(paragraph)) return false
    if (!mayTell(bareOf(paragraph.slice(0, START).toLowerCase()))) return false
    const sentences = paragraph.toLowerCase().replaceAll('’', "'").split(SENTENCE_END)
    if (sentences.length > MOST_SENTENCES) return false
    return sentences.every((sentence) => tells(bareOf(sentence), above))
  }

  /** Fast path: most paragraphs begin differently and are not examined further. */
  function mayTell(start: string): boolean {
    return openingOf(start) !== undefined || leading.has(firstWordOf(start))
  }

  function tells(sentence: string, above: boolean): boolean {
    if (sentence === '') return true
    const opening = openingOf(sentence)
    if (opening === undefined) {
      const first = firstWordOf(sentence)
      return leading.has(first) && tells(sentence.slice(first.length).replace(/^[ ,，]+/, ''), above)
    }
    if (isPersona.has(opening)) return above
    const rest = material.reduce((left, one) => left.replaceAll(one, ''), sentence)
    const isAbout = rest !== sentence || about.some((one) => sentence.includes(one))
    return isAbout && !texts.some((one) => rest.includes(one))
  }

  /** The opening of a sentence, if it ends at a word boundary. */
  function openingOf(sentence: string): string | undefined {
    return openingsByFirst
      .get(sentence.charAt(0))
      ?.find((one) => sentence.startsWith(one) && !/^[\p{Ll}:：]/u.test(sentence.slice(one.length)))
  }
}

function firstWordOf(sentence: string): string {
  return sentence.split(/[ ,，]/, 1)[0] ?? ''
}

/** Without list marks, brackets and emphasis in front. */
function bareOf(sentence: string): string {
  return sentence.replace(/^[\s([*_-]+/, '')
}
