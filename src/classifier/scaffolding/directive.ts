/** What tells sentences that a program adds to say how to answer, in lower case. */
export interface DirectiveWords {
  /** How such sentences begin: "answer", "antworte", "请用". */
  readonly openings: readonly string[]
  /** What they speak about, one of which must follow: "json", "in french", "字以内". */
  readonly about: readonly string[]
  /** How sentences begin that tell the model what it is: "you are a". */
  readonly personas: readonly string[]
  /** Before an opening, and nothing by themselves: "please", "always". */
  readonly before: readonly string[]
  /** A sentence that speaks of one of these asks for something. */
  readonly text: readonly string[]
}

/** What is longer is words; so is what has more sentences. UTF-16 units. */
const LONGEST = 400
const MOST_SENTENCES = 6

/** Of a longer text only the ends are scored. UTF-16 units. */
const LARGEST = 8_192

/** Fewer letters are no ask. UTF-16 units. */
const LEAST_LEFT = 4

const FIELD = /^\p{L}[\p{L} ]{1,24}[:：]/u
/** A question is an ask, and a line of signs says nothing. */
const ASKS_OR_EMPTY = /[?？]|^[^\p{L}]*$/u
/** An opening is looked for in so much. UTF-16 units. */
const START = 48
const SENTENCE_END = /(?<=[.!?])\s+|(?<=[。！？])\s*/
const APART = /\n\s*\n/
const FENCED = /^(```|"""|''')[^\n]*\n([\s\S]*)\n\1$/

/**
 * Takes off the paragraphs above and below a person's words that only say how to answer or who answers, and the last line
 * where it does. Every sentence of them must: "You are a poet. Write about autumn." stays. What such a paragraph announces
 * between fences is opened. Where nothing else is said, the text stays as it is. Linear in its length.
 */
export function compileDirectives({
  openings,
  about,
  personas,
  before,
  text: texts,
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

  /** A directive may stand right below the words; below a field it belongs to what the fields ask. */
  function withoutLastLine(words: string): string {
    const end = words.lastIndexOf('\n')
    if (end === -1 || words.length - end > LONGEST || !isDirective(words.slice(end + 1))) return words
    const left = words.slice(0, end).trim()
    const above = left.slice(left.lastIndexOf('\n') + 1)
    return left.length < LEAST_LEFT || FIELD.test(above) ? words : left
  }

  /** Who answers is said above the words. */
  function isDirective(paragraph: string, above = false): boolean {
    if (paragraph.length > LONGEST || ASKS_OR_EMPTY.test(paragraph)) return false
    if (!mayTell(bareOf(paragraph.slice(0, START).toLowerCase()))) return false
    const sentences = paragraph.toLowerCase().replaceAll('’', "'").split(SENTENCE_END)
    if (sentences.length > MOST_SENTENCES) return false
    return sentences.every((sentence) => tells(bareOf(sentence), above))
  }

  /** Most paragraphs begin otherwise, and are looked at no further. */
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
    return about.some((one) => sentence.includes(one)) && !texts.some((one) => sentence.includes(one))
  }

  /** The opening of a sentence, where a word ends behind it. */
  function openingOf(sentence: string): string | undefined {
    return openingsByFirst
      .get(sentence.charAt(0))
      ?.find((one) => sentence.startsWith(one) && !/^[\p{Ll}:：]/u.test(sentence.slice(one.length)))
  }
}

function firstWordOf(sentence: string): string {
  return sentence.split(/[ ,，]/, 1)[0] ?? ''
}

/** Without marks of lists, brackets and emphasis before it. */
function bareOf(sentence: string): string {
  return sentence.replace(/^[\s([*_-]+/, '')
}
