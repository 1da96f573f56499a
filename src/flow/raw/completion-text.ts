/** Everything the legacy completions in a JSON answer, or in the frames of a stream, say. */
export function completionText(answer: string): string {
  const isWhole = answer.trimStart().startsWith('{')
  const frames = isWhole ? [answer] : answer.split('\n').filter((line) => line.startsWith('data:'))
  return frames.map((frame) => textIn(isWhole ? frame : frame.slice('data:'.length))).join('')
}

function textIn(json: string): string {
  try {
    const frame: unknown = JSON.parse(json)
    const choices = typeof frame === 'object' && frame !== null && 'choices' in frame ? frame.choices : []
    return Array.isArray(choices) ? choices.map(textOf).join('') : ''
  } catch {
    // The last frame of a sample may be cut.
    return ''
  }
}

function textOf(choice: unknown): string {
  const text = typeof choice === 'object' && choice !== null && 'text' in choice ? choice.text : ''
  return typeof text === 'string' ? text : ''
}
