import { looselyParsed } from '../../base/loose-json.ts'
import { dataOfEvents } from '../../upstream/frames/event-data.ts'
import { inChoices } from '../dialect/choices.ts'

/**
 * Everything the legacy completions in a JSON answer, or in the frames of a stream, say. The last frame of what is kept may
 * be cut: it says nothing.
 */
export function completionText(answer: string): string {
  const frames = answer.trimStart().startsWith('{') ? [answer] : dataOfEvents(answer)
  return inChoices(frames.map(looselyParsed), ({ text }) => (typeof text === 'string' ? text : ''))
}
