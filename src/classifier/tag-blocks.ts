/** One look at a long text for all tags at once. */
const CLOSING = /<\/[A-Za-z][\w.:-]*>/g
const ANY_TAG = /<\/?[A-Za-z][^<>]*>/g

/** Names of blocks that programs put into a person's turn. */
export interface BlockNames {
  /** No words of the person: taken out. */
  readonly remove: readonly string[]
  /** What an ask is about: taken out where anything else is said. */
  readonly background: readonly string[]
  /** The person's words: nothing else is read. */
  readonly keep: readonly string[]
  /** The same, but only where nothing but tags stands outside: people write such tags, too. */
  readonly keep_alone: readonly string[]
}

/** Takes blocks off. Linear in the length of the text. */
export function compileBlocks(names: BlockNames): (text: string) => string {
  const removed = names.remove.map(tagOf)
  const background = names.background.map(tagOf)
  const kept = names.keep.map(tagOf)
  const keptAlone = names.keep_alone.map(tagOf)

  return (text) => {
    if (!text.includes('</')) return text
    const closed = new Set(text.match(CLOSING))
    const present = (tags: readonly Tag[]) => tags.filter(({ close }) => closed.has(close))
    let words = text
    for (const tag of present(removed)) words = without(words, tag)
    const whole = words
    for (const tag of present(background)) words = without(words, tag)
    if (words.trim() === '') words = whole
    for (const tag of present(kept)) words = within(words, tag, false) ?? words
    for (const tag of present(keptAlone)) words = within(words, tag, true) ?? words
    return words
  }
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

/** The next whole block at or after `from`. A block that is never closed is none. */
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

function within(text: string, tag: Tag, alone: boolean): string | undefined {
  const inside: string[] = []
  let outside = ''
  let from = 0
  for (let block = nextBlock(text, tag, 0); block; block = nextBlock(text, tag, from)) {
    inside.push(text.slice(block.content, block.contentEnd))
    outside += text.slice(from, block.start)
    from = block.end
  }
  if (inside.length === 0) return undefined
  outside += text.slice(from)
  return alone && outside.replace(ANY_TAG, '').trim() !== '' ? undefined : inside.join('\n')
}
