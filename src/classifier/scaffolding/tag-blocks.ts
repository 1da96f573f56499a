/** Finds all tags of a long text in one pass. */
const CLOSING = /<\/[A-Za-z][\w.:-]*>/g
const ANY_TAG = /<\/?[A-Za-z][^<>]*>/g

/** Names of blocks that programs put into a person's turn. */
export interface BlockNames {
  /** No words of the person: removed. */
  readonly remove: readonly string[]
  /** What an ask is about: removed if anything else is said. */
  readonly background: readonly string[]
  /** The person's words: nothing else is read. */
  readonly keep: readonly string[]
  /** The same, but only if a program's block was removed or nothing but tags is outside: people use such tags too. */
  readonly keep_alone: readonly string[]
}

/**
 * Removes blocks. Names match regardless of case and of how their words are joined. An unknown block with a
 * snake_case name, which people do not write, counts as background. Linear in the length of the text.
 */
export function compileBlocks(names: BlockNames): (text: string) => string {
  const removed = new Set(names.remove.map(plain))
  const background = new Set(names.background.map(plain))
  const kept = new Set(names.keep.map(plain))
  const keptAlone = new Set(names.keep_alone.map(plain))
  const known = new Set([...removed, ...background, ...kept, ...keptAlone])

  return (text) => {
    if (!text.includes('</')) return text
    const closed = [...new Set(text.match(CLOSING))].slice(0, MOST_NAMES).map((tag) => tag.slice(2, -1))
    const present = (wanted: ReadonlySet<string>) =>
      closed.filter((name) => wanted.has(plain(name))).map(tagOf)
    let words = text
    for (const tag of present(removed)) words = without(words, tag)
    const isByProgram = words !== text
    const whole = words
    for (const tag of present(background)) words = without(words, tag)
    for (const name of closed) {
      if (name.includes('_') && !known.has(plain(name))) words = without(words, tagOf(name))
    }
    if (words.trim() === '') words = whole
    for (const tag of present(kept)) words = within(words, tag, false) ?? words
    const part = BY_USER.test(words) ? AUTHORED.exec(words)?.[1] : undefined
    if (part !== undefined && !known.has(plain(part))) words = within(words, tagOf(part), false) ?? words
    for (const tag of present(keptAlone)) {
      words = within(words, tag, !(isByProgram && isOnLines(words, tag))) ?? words
    }
    return words
  }
}

/** A text with more kinds of tags is a document. Each kind costs a pass over the whole text. */
const MOST_NAMES = 32

function plain(name: string): string {
  return name.replace(/[_.:-]/g, '').toLowerCase()
}

interface Tag {
  readonly open: string
  readonly close: string
}

function tagOf(name: string): Tag {
  return { open: `<${name}`, close: `</${name}>` }
}

interface Block {
  readonly start: number
  readonly content: number
  readonly contentEnd: number
  readonly end: number
}

/** The next complete block at or after `from`. A block that is never closed does not count. */
function nextBlock(text: string, tag: Tag, from: number): Block | undefined {
  let start = text.indexOf(tag.open, from)
  while (start !== -1) {
    const after = text.charAt(start + tag.open.length)
    if (after === '>' || /\s/.test(after)) break
    start = text.indexOf(tag.open, start + 1)
  }
  if (start === -1) return undefined
  const content = text.indexOf('>', start) + 1
  const contentEnd = content === 0 ? -1 : text.indexOf(tag.close, content)
  return contentEnd === -1 ? undefined : { start, content, contentEnd, end: contentEnd + tag.close.length }
}

function without(text: string, tag: Tag): string {
  let left = ''
  let from = 0
  for (let block = nextBlock(text, tag, 0); block; block = nextBlock(text, tag, from)) {
    left += text.slice(from, block.start)
    from = block.end
  }
  return from === 0 ? text : left + text.slice(from)
}

/** Whether a block's tags have lines of their own, as programs write them. */
function isOnLines(text: string, { open, close }: Tag): boolean {
  return text.includes(`${open}>\n`) && text.includes(`\n${close}`)
}

/** The author of a message, in a conversation written as tags. */
const BY_USER = /\s(?:role|author|author_type|sender|sender_type)=["']?(?:user|customer|client|visitor)\b/i
const AUTHORED =
  /<([a-z][\w.:-]*)(?=\s)[^<>]*?\s(?:role|author|author_type|sender|sender_type)=["']?(?:user|customer|client|visitor)\b/i
const BY_ANYONE = /\s(?:role|author|author_type|sender|sender_type)=/i

function within(text: string, tag: Tag, alone: boolean): string | undefined {
  let inside: string[] = []
  let outside = ''
  let from = 0
  for (let block = nextBlock(text, tag, 0); block; block = nextBlock(text, tag, from)) {
    const content = text.slice(block.content, block.contentEnd)
    if (BY_USER.test(text.slice(block.start, block.content))) inside = [content]
    else if (!BY_ANYONE.test(text.slice(block.start, block.content))) inside.push(content)
    outside += text.slice(from, block.start)
    from = block.end
  }
  if (inside.length === 0) return undefined
  outside += text.slice(from)
  return alone && outside.replace(ANY_TAG, '').trim() !== '' ? undefined : inside.join('\n')
}
