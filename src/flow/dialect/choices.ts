import { type LooseObject, membersIn } from '../../base/loose-json.ts'

/** One of an answer's `choices`, or a piece of one in a stream frame. */
export type Choice = LooseObject

/**
 * The text of all choices, grouped by choice. Streamed choices interleave, and a tokenizer would merge the
 * end of one with the beginning of another.
 */
export function inChoices(frames: readonly unknown[], wordsOf: (choice: Choice) => string): string {
  let first = ''
  let others: Map<unknown, string> | undefined
  for (const frame of frames) {
    const { choices } = membersIn(frame)
    if (!Array.isArray(choices)) continue
    for (const each of choices) {
      const choice = membersIn(each)
      const words = wordsOf(choice)
      if (choice.index === undefined || choice.index === 0) first += words
      else {
        others ??= new Map()
        others.set(choice.index, (others.get(choice.index) ?? '') + words)
      }
    }
  }
  return others === undefined ? first : [first, ...others.values(), ''].join('\n')
}
