import { dataOfEvents } from '../../upstream/frames/event-data.ts'

/**
 * Everything the model wrote, in a JSON answer or in the events of a stream. In a stream only the deltas are
 * read: later events repeat them in full.
 */
export function answerText(answer: string): string {
  if (answer.trimStart().startsWith('{')) return wordsOf(field(parsed(answer), 'output'), DEEPEST)
  return dataOfEvents(answer)
    .map((data) => pieceIn(parsed(data)))
    .join('')
}

function pieceIn(event: unknown): string {
  const type = field(event, 'type')
  const delta = field(event, 'delta')
  if (typeof delta === 'string') return delta
  // A call's name arrives with its item, before its arguments.
  const name = type === 'response.output_item.added' ? field(field(event, 'item'), 'name') : undefined
  return typeof name === 'string' ? name : ''
}

const WRITTEN = new Set(['text', 'refusal', 'arguments', 'name', 'input', 'transcript'])
const NESTED = new Set(['content', 'summary'])
/** No vendor's answer nests deeper; a hostile one must not overflow the stack. */
const DEEPEST = 8

function wordsOf(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null || depth === 0) return ''
  if (Array.isArray(value)) return value.map((each) => wordsOf(each, depth - 1)).join('')
  return Object.entries(value)
    .map(([key, inner]) => {
      if (WRITTEN.has(key)) return typeof inner === 'string' ? inner : ''
      return NESTED.has(key) ? wordsOf(inner, depth - 1) : ''
    })
    .join('')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // The last event of a sample may be truncated.
    return undefined
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
