import type { Scaffolding } from '../rule.ts'
import { compileAttachedFences } from './attached-fence.ts'
import { compileChatExports } from './chat-export.ts'
import { compileDialogues } from './dialogue.ts'
import { compileDirectives } from './directive.ts'
import { opened } from './envelope.ts'
import { compileExports } from './export.ts'
import { compileForms } from './form.ts'
import { compileFrames } from './frame.ts'
import { compileLetters } from './letter.ts'
import { withoutMargins } from './margins.ts'
import { unmarked } from './markup.ts'
import { lastComment } from './notebook.ts'
import { newestWords } from './quoted-history.ts'
import { compileSections } from './sections.ts'
import { compileSlots } from './slots.ts'
import { compileSpeakers } from './speaker.ts'
import { compileBlocks } from './tag-blocks.ts'

/** Of a longer text only the ends are read, since only they are scored. UTF-16 units. */
export const LONGEST_PEELED = 16_384

/** A mail in an envelope, say. */
const MOST_LAYERS = 1

/** With the blanks and line ends that scaffolding is told by, whatever a mail program made of them. */
function tidied(text: string): string {
  if (!/[\r\u00a0\ufeff]|[ \t]\n|^\n/.test(text)) return text
  const lines = text.replaceAll('\ufeff', '').replaceAll('\u00a0', ' ').split('\n')
  // One by one: a pattern for blanks at their ends would take quadratic time on many blanks elsewhere.
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()
}

/** Removes what programs wrap around a person's words. Linear in the length of the text, and bounded. */
export function compileScaffolding(list: Scaffolding): (text: string) => string {
  const peelBlocks = compileBlocks(list)
  const peelFences = compileAttachedFences(list.dumps)
  const peelFrames = compileFrames(list)
  const peelExports = compileExports(list.fields)
  const peelSlots = compileSlots(list.slots)
  const peelSections = compileSections(list.headings)
  const peelLetters = compileLetters(list.letters)
  const peelDirectives = compileDirectives(list.directives)
  const peelChatExports = compileChatExports(list.speakers)
  const peelDialogues = compileDialogues(list.speakers)
  const peelForms = compileForms(list.fields)
  const peelSpeakers = compileSpeakers(list.calls)

  const { envelope_keys: keys } = list

  /** `layers`: how many envelopes may be inside each other, besides this one. */
  function wordsIn(text: string, layers: number): string {
    const framed = unmarked(peelBlocks(peelFrames(peelFences(peelBlocks(lastComment(text))))), keys)
    // Within a single line there is none of what the others look for.
    const isLine = !framed.includes('\n')
    const said = peelDialogues(
      isLine ? framed : unmarked(peelDirectives(peelSections(peelSlots(peelChatExports(framed)))), keys),
    )
    const newest = (isLine ? said : newestWords(said)).trim()
    const inside = opened(newest, keys)
    if (inside !== undefined) return layers > 0 ? wordsIn(inside, layers - 1) : inside
    return peelSpeakers(withoutMargins(peelLetters(peelForms(peelExports(newest))))).trim()
  }

  return (text) => {
    const ends =
      text.length <= LONGEST_PEELED
        ? text
        : `${text.slice(0, LONGEST_PEELED / 2)}\n${text.slice(-LONGEST_PEELED / 2)}`
    const tidy = tidied(ends)
    const words = wordsIn(tidy, MOST_LAYERS)
    return words === tidy.trim() ? ends.trim() : words
  }
}
