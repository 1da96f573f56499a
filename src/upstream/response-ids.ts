import { elementsOf, membersOf, rootOf, type Span } from '../base/json-span.ts'
import { nameOfSealed } from '../base/sealed.ts'

/** No answer has more items that are sent back. */
const MOST_ITEMS = 1000

/**
 * The ids by which a later request may refer to a response: its own first, then those of its conversation and
 * its items, and digests of their encrypted content. Empty if it is not a response.
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
    if (ids.length > 0 && output !== undefined) addItems(ids, response, output)
  } catch {
    return []
  }
  return ids
}

/** The same for the items of a list. Empty if it is not a list. */
export function listedIds(list: Buffer): readonly string[] {
  const ids: string[] = []
  try {
    const data = membersOf(list, rootOf(list)).findLast(({ key }) => key === 'data')
    if (data !== undefined) addItems(ids, list, data)
  } catch {
    return []
  }
  return ids
}

const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b
const QUOTE = 0x22

function addItems(ids: string[], response: Buffer, items: Span): void {
  if (response[items.start] !== OPEN_BRACKET) return
  for (const item of elementsOf(response, items.start).slice(0, MOST_ITEMS)) {
    if (response[item.start] === OPEN_BRACE) addItem(ids, response, item)
  }
}

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
