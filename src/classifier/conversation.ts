import type { Message } from '../base/message.ts'
import { compilePatterns } from './pattern-set.ts'
import type { RuleBook } from './rule.ts'
import { compileScaffolding } from './scaffolding.ts'

/** A turn of the person who asks, freed of scaffolding. */
export interface Turn {
  readonly text: string
  /** How many turns of the same person stand after it. */
  readonly turnsBack: number
  /** Says nothing by itself: "continue", "et en Python ?", "为什么？". */
  readonly followUp: boolean
}

/** Longer turns say enough by themselves. UTF-16 units. */
const LONGEST_FOLLOW_UP = 80

/** Reads who asked what. Only `user` messages and only their text: system, tools and images are no evidence. */
export function compileConversation(book: RuleBook): (messages: readonly Message[]) => Iterable<Turn> {
  const peel = compileScaffolding(book.scaffolding)
  const finders = book.follow_ups.map(({ patterns }) => compilePatterns(patterns, 'whole'))

  /** Turns with something to read, the newest first; lazily, since the newest one is nearly always enough. */
  return function* turns(messages) {
    let turnsBack = 0
    for (let index = messages.length - 1; index >= 0; index -= 1) {
      const message = messages[index]
      if (message?.role !== 'user') continue
      const text = peel(textOf(message))
      if (text !== '') yield { text, turnsBack, followUp: isFollowUp(text) }
      turnsBack += 1
    }
  }

  function isFollowUp(text: string): boolean {
    if (text.length > LONGEST_FOLLOW_UP) return false
    const words = bare(text)
    return finders.some((find) => find(words).length > 0)
  }
}

/** A short turn as follow-up patterns see it: lower case, single blanks, no punctuation around it. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
    .replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, '')
}

function textOf(message: Message): string {
  const { content } = message
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  const texts: string[] = []
  for (const part of content) {
    if ((part.type === 'text' || part.type === 'input_text') && typeof part.text === 'string')
      texts.push(part.text)
  }
  return texts.join('\n')
}
