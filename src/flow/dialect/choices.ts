import { type LooseObject, membersIn } from '../../base/loose-json.ts'

/** One of the `choices` in an answer, or a piece of it in a frame. */
export type Choice = LooseObject

/**
 * The words of all choices, each choice's own together: pieces of several come in turns, and a tokenizer would take the end
 * of one and the beginning of another for a single word.
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
