import { completeObject } from '../../upstream/torn-frame.ts'

/**
 * Everything the model wrote, in a JSON answer or in the frames of a stream: content, refusals, and the names and
 * arguments of tool calls. A frame that is cut counts as far as it came.
 */
export function answerText(answer: string): string {
  let text = ''
  for (const json of answer.trimStart().startsWith('{') ? [answer] : dataLines(answer)) {
    for (const choice of choicesOf(json)) text += strings(choice, DEEPEST)
  }
  return text
}

function dataLines(stream: string): readonly string[] {
  return stream.split(/[\r\n]/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []))
}

function choicesOf(json: string): readonly unknown[] {
  const frame = parsed(json) ?? parsed(json + completeObject(json.trimStart(), '"cut":true'))
  const choices = typeof frame === 'object' && frame !== null && 'choices' in frame ? frame.choices : []
  return Array.isArray(choices) ? choices.map(writtenIn) : []
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function writtenIn(choice: unknown): unknown {
  if (typeof choice !== 'object' || choice === null) return undefined
  return Reflect.get(choice, 'delta') ?? Reflect.get(choice, 'message')
}

const NOT_WRITTEN = new Set(['role', 'id', 'type', 'obfuscation'])
/** No vendor's delta is deeper; a hostile one must not exhaust the stack. */
const DEEPEST = 32

function strings(value: unknown, depth: number): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || depth === 0) return ''
  return Object.entries(value)
    .map(([key, inner]) => (NOT_WRITTEN.has(key) ? '' : strings(inner, depth - 1)))
    .join('')
}
