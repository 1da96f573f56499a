import { looselyParsed } from '../../base/loose-json.ts'
import { dataOfEvents } from '../../upstream/frames/event-data.ts'
import { inChoices } from '../dialect/choices.ts'

/**
 * All text of legacy completions, in a JSON answer or in the frames of a stream. The last frame kept may be
 * truncated and is then ignored.
 */
export function completionText(answer: string): string {
  const frames = answer.trimStart().startsWith('{') ? [answer] : dataOfEvents(answer)
  return inChoices(frames.map(looselyParsed), ({ text }) => (typeof text === 'string' ? text : ''))
}
