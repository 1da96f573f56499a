import { dataOfEvents } from '../../upstream/frames/event-data.ts'
import { completeObject } from '../../upstream/frames/torn-frame.ts'
import { type Choice, inChoices } from './choices.ts'

/**
 * Everything the model wrote, in a JSON answer or in the frames of a stream: content, refusals, and the names
 * and arguments of tool calls. A truncated frame counts as far as it arrived.
 */
export function answerText(answer: string): string {
  const frames = answer.trimStart().startsWith('{') ? [answer] : dataOfEvents(answer)
  return inChoices(frames.map(frameOf), writtenIn)
}

/** The common frame: one choice, one piece of text, no escapes. A full parse costs six times as much. */
const ONE_PIECE =
  /^ ?\{[^[\]{}]*"choices": ?\[\{"index": ?0, ?"delta": ?\{"content": ?"([^"\\]*)"\}[^[\]{}]*\}\][^[\]{}]*\}$/

function frameOf(json: string): unknown {
  const piece = ONE_PIECE.exec(json)?.[1]
  if (piece !== undefined) return { choices: [{ index: 0, delta: { content: piece } }] }
  return parsed(json) ?? parsed(json + completeObject(json.trimStart(), '"cut":true'))
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function writtenIn(choice: Choice): string {
  return strings(choice.delta ?? choice.message, DEEPEST)
}

const NOT_WRITTEN = new Set(['role', 'id', 'type', 'obfuscation'])
/** No vendor's delta nests deeper; a hostile one must not overflow the stack. */
const DEEPEST = 32

function strings(value: unknown, depth: number): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || depth === 0) return ''
  return Object.entries(value)
    .map(([key, inner]) => {
      if (NOT_WRITTEN.has(key)) return ''
      return key === 'arguments' ? leaves(inner, depth - 1) : strings(inner, depth - 1)
    })
    .join('')
}

/** Some servers send arguments parsed: then names and numbers in them were written, too. */
function leaves(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return `${value ?? ''}`
  if (depth === 0) return ''
  return Object.entries(value)
    .map(([key, inner]) => `"${key}":${leaves(inner, depth - 1)},`)
    .join('')
}
