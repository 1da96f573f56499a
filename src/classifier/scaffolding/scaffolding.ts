import type { Scaffolding } from '../rule.ts'
import { compileAttachedFences } from './attached-fence.ts'
import { compileDialogues } from './dialogue.ts'
import { compileDirectives } from './directive.ts'
import { opened } from './envelope.ts'
import { compileForms } from './form.ts'
import { compileFrames } from './frame.ts'
import { compileLetters } from './letter.ts'
import { withoutMargins } from './margins.ts'
import { unmarked } from './markup.ts'
import { newestWords } from './quoted-history.ts'
import { compileSections } from './sections.ts'
import { compileSlots } from './slots.ts'
import { compileSpeakers } from './speaker.ts'
import { compileBlocks } from './tag-blocks.ts'

/** Of a longer text only the ends are read, since only they are scored. UTF-16 units. */
export const LONGEST_PEELED = 16_384

/** Removes what programs wrap around a person's words. Linear in the length of the text, and bounded. */
export function compileScaffolding(list: Scaffolding): (text: string) => string {
  const peelBlocks = compileBlocks(list)
  const peelFences = compileAttachedFences(list.dumps)
  const peelFrames = compileFrames(list)
  const peelSlots = compileSlots(list.slots)
  const peelSections = compileSections(list.headings)
  const peelLetters = compileLetters(list.letters)
  const peelDirectives = compileDirectives(list.directives)
  const peelDialogues = compileDialogues(list.speakers)
  const peelForms = compileForms(list.fields)
  const peelSpeakers = compileSpeakers(list.calls)

  return (text) => {
    const ends =
      text.length <= LONGEST_PEELED
        ? text
        : `${text.slice(0, LONGEST_PEELED / 2)}\n${text.slice(-LONGEST_PEELED / 2)}`
    const framed = unmarked(peelBlocks(peelFrames(peelFences(peelBlocks(ends)))))
    // Within a single line there is none of what the others look for.
    const isLine = !framed.includes('\n')
    const said = peelDialogues(isLine ? framed : peelDirectives(peelSections(peelSlots(framed))))
    const words = (isLine ? said : peelLetters(newestWords(said))).trim()
    return opened(words, list.envelope_keys) ?? peelSpeakers(withoutMargins(peelForms(words))).trim()
  }
}
