import { opened } from './envelope.ts'
import { compileFrames } from './frame.ts'
import { newestWords } from './quoted-history.ts'
import type { Scaffolding } from './rule.ts'
import { compileBlocks } from './tag-blocks.ts'

/** Of a longer text the ends are looked at: what is scored stands there. UTF-16 units. */
export const LONGEST_PEELED = 32_768

/** Takes off what programs wrap around a person's words. Linear in the length of the text, and bounded. */
export function compileScaffolding(list: Scaffolding): (text: string) => string {
  const peelBlocks = compileBlocks(list)
  const peelFrames = compileFrames(list)

  return (text) => {
    const ends =
      text.length <= LONGEST_PEELED
        ? text
        : `${text.slice(0, LONGEST_PEELED / 2)}\n${text.slice(-LONGEST_PEELED / 2)}`
    const words = newestWords(peelFrames(peelBlocks(ends))).trim()
    return opened(words, list.envelope_keys) ?? words
  }
}
