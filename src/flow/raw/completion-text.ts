import { looselyParsed, membersIn } from '../../base/loose-json.ts'

/** Everything the legacy completions in a JSON answer, or in the frames of a stream, say. */
export function completionText(answer: string): string {
  const isWhole = answer.trimStart().startsWith('{')
  const frames = isWhole ? [answer] : answer.split(/[\r\n]/).filter((line) => line.startsWith('data:'))
  return frames.map((frame) => textIn(isWhole ? frame : frame.slice('data:'.length))).join('')
}

/** The last frame of what is kept may be cut: it says nothing. */
function textIn(json: string): string {
  const { choices } = membersIn(looselyParsed(json))
  return Array.isArray(choices) ? choices.map(textOf).join('') : ''
}

function textOf(choice: unknown): string {
  const { text } = membersIn(choice)
  return typeof text === 'string' ? text : ''
}
