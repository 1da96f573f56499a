import { elementsOf, membersOf, rootOf, type Span } from '../base/json-span.ts'
import { nameOfSealed } from '../base/sealed.ts'

/** No answer has more items that are sent back. */
const MOST_ITEMS = 1000

/**
 * By what a later request may lean on a response: its id first, then those of its conversation and its items, and names for
 * what is sealed in them. Empty for what is no response.
 */
export function responseIds(response: Buffer): readonly string[] {
  const ids: string[] = []
  try {
    let output: Span | undefined
    for (const { key, ...span } of membersOf(response, rootOf(response))) {
      if (key === 'id') add(ids, textAt(response, span))
      else if (key === 'output') output = span
      else if (key === 'conversation' && response[span.start] === OPEN_BRACE) addItem(ids, response, span)
    }
    if (ids.length === 0 || output === undefined || response[output.start] !== OPEN_BRACKET) return ids
    for (const item of elementsOf(response, output.start).slice(0, MOST_ITEMS)) {
      if (response[item.start] === OPEN_BRACE) addItem(ids, response, item)
    }
  } catch {
    return []
  }
  return ids
}

const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b
const QUOTE = 0x22

function addItem(ids: string[], response: Buffer, item: Span): void {
  for (const { key, ...span } of membersOf(response, item.start)) {
    if (key === 'id') add(ids, textAt(response, span))
    else if (key === 'encrypted_content') {
      const sealed = textAt(response, span)
      if (sealed !== undefined) ids.push(nameOfSealed(sealed))
    }
  }
}

function add(ids: string[], id: string | undefined): void {
  if (id !== undefined) ids.push(id)
}

function textAt(bytes: Buffer, { start, end }: Span): string | undefined {
  if (bytes[start] !== QUOTE) return undefined
  const text: unknown = JSON.parse(bytes.toString('utf8', start, end))
  return typeof text === 'string' ? text : undefined
}
