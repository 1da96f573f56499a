import { dataOfEvents } from '../../upstream/frames/event-data.ts'

/**
 * Everything the model wrote, in a JSON answer, or in the deltas of some events of a stream: later events
 * repeat them in full.
 */
export function answerText(answer: string): string {
  if (answer.trimStart().startsWith('{')) return wordsOf(field(parsed(answer), 'output'), DEEPEST)
  return dataOfEvents(answer)
    .map((data) => field(parsed(data), 'delta'))
    .filter((delta) => typeof delta === 'string')
    .join('')
}

/**
 * A reader for all events of a stream in order. Some servers send an item or a part of it whole, without deltas: what
 * an event says beyond what those before it said of the same counts, too.
 */
export function streamText(): (events: string) => string {
  /** UTF-16 units of each item and part so far. */
  const told = new Map<string, number>()
  const toldOf = (what: string) => told.get(what) ?? 0

  function say(words: string, ...of: readonly string[]): string {
    for (const each of of) told.set(each, toldOf(each) + words.length)
    return words
  }

  const sayItem = (item: unknown, index: unknown): string => {
    const name = `${index}`
    return say(wordsOf(item, DEEPEST).slice(toldOf(name)), name)
  }

  function wordsIn(event: unknown): string {
    const index = field(event, 'output_index')
    const part = `${index}/${field(event, 'content_index') ?? field(event, 'summary_index') ?? ''}`
    const delta = field(event, 'delta')
    if (typeof delta === 'string') return say(delta, `${index}`, part)
    const whole = PARTS.map((key) => field(event, key)).find((words) => typeof words === 'string')
    if (whole !== undefined) return say(whole.slice(toldOf(part)), `${index}`, part)
    const item = field(event, 'item')
    if (item !== undefined) return sayItem(item, index)
    const output = field(field(event, 'response'), 'output')
    return Array.isArray(output) ? output.map(sayItem).join('') : ''
  }

  return (events) =>
    dataOfEvents(events)
      .map((data) => wordsIn(parsed(data)))
      .join('')
}

/** Hold the words of a part in the event that ends it. */
const PARTS = ['text', 'refusal', 'arguments', 'input', 'transcript'] as const

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
