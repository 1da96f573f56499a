import type { Scaffolding } from './rule.ts'

/** A larger envelope is read as it is: parsing it would cost more than it tells. UTF-16 units. */
const LARGEST_ENVELOPE = 65_536

/** One look at a long text for all tags at once. */
const CLOSING = /<\/[A-Za-z][\w.:-]*>/g

/** Takes off what programs wrap around a person's words. Linear in the length of the text. */
export function compileScaffolding(list: Scaffolding): (text: string) => string {
  const removed = list.remove.map(tagOf)
  const kept = list.keep.map(tagOf)

  return (text) => {
    let words = text
    if (words.includes('</')) {
      const closed = new Set(words.match(CLOSING))
      for (const tag of removed) if (closed.has(tag.close)) words = without(words, tag)
      for (const tag of kept) if (closed.has(tag.close)) words = within(words, tag) ?? words
    }
    words = words.trim()
    return fromJson(words, list.envelope_keys) ?? fromYaml(words, list.envelope_keys) ?? words
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

function within(text: string, tag: Tag): string | undefined {
  const inside: string[] = []
  for (let block = nextBlock(text, tag, 0); block; block = nextBlock(text, tag, block.end)) {
    inside.push(text.slice(block.content, block.contentEnd))
  }
  return inside.length === 0 ? undefined : inside.join('\n')
}

function fromJson(text: string, keys: readonly string[]): string | undefined {
  if (!text.startsWith('{') || !text.endsWith('}') || text.length > LARGEST_ENVELOPE) return undefined
  let envelope: unknown
  try {
    envelope = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof envelope !== 'object' || envelope === null) return undefined
  const fields = new Map<string, unknown>(Object.entries(envelope))
  for (const key of keys) {
    const value = fields.get(key)
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
  }
  return undefined
}

/** Only a text that is nothing but `key: value` lines, with a known key among them, is an envelope. */
function fromYaml(text: string, keys: readonly string[]): string | undefined {
  if (!text.includes('\n') || text.length > LARGEST_ENVELOPE || !/^[a-z_]+: /i.test(text)) return undefined
  const fields = new Map<string, string>()
  for (const line of text.split('\n')) {
    const field = /^([a-z_]+): +(\S.*)$/i.exec(line)
    if (field?.[1] === undefined || field[2] === undefined) return undefined
    fields.set(field[1].toLowerCase(), unquoted(field[2]))
  }
  for (const key of keys) {
    const value = fields.get(key)
    if (value !== undefined) return value.trim()
  }
  return undefined
}

/** A value in double quotes is written as JSON writes it, with `\n` for a line's end. */
function unquoted(value: string): string {
  if (value.startsWith('"')) {
    try {
      const text: unknown = JSON.parse(value)
      if (typeof text === 'string') return text
    } catch {
      // Not escaped after all: only the quotes go.
    }
  }
  return value.replace(/^(["'])(.*)\1$/, '$2')
}
