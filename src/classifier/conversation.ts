import type { Message } from '../base/message.ts'
import { compileFollowUps, LONGEST_FOLLOW_UP, type Tie } from './follow-up.ts'
import { compileProgramTurns } from './program-turn.ts'
import type { RuleBook } from './rule.ts'
import { compileScaffolding, LONGEST_PEELED } from './scaffolding.ts'

/** A turn of the person who asks, freed of scaffolding. */
export interface Turn {
  readonly text: string
  /** UTF-16 units of it, where only its ends were looked at: of the whole. */
  readonly length: number
  /** How many turns of the same person stand after it. */
  readonly turnsBack: number
  /** How it hangs on what was asked before; `none` where it is the only turn. */
  readonly tie: Tie
}

/** Learnt log-odds above which a short turn that no list knows hangs on the ask before it, surely or perhaps. */
const LOOSE = 0
const VAGUE = -1.5

/**
 * Reads who asked what. Only `user` messages and only their text: system, tools and images are no evidence. `learntTie`
 * gives the log-odds that a turn only goes on about an earlier ask.
 */
export function compileConversation(
  book: RuleBook,
  learntTie: (text: string) => number = () => Number.NEGATIVE_INFINITY,
): (messages: readonly Message[]) => Iterable<Turn> {
  const peel = compileScaffolding(book.scaffolding)
  const followUpTie = compileFollowUps(book.follow_ups)
  const isProgramTurn = compileProgramTurns(book.scaffolding.results)
  const tieOf = (text: string): Tie => {
    if (isProgramTurn(text)) return 'close'
    const tie = followUpTie(text)
    if (tie !== 'none' || text.length > LONGEST_FOLLOW_UP) return tie
    const learnt = learntTie(text)
    return learnt > LOOSE ? 'loose' : learnt > VAGUE ? 'vague' : 'none'
  }

  /** Turns with something to read, the newest first; lazily, since the newest one is nearly always enough. */
  return function* turns(messages) {
    const several = messages.filter(({ role }) => role === 'user').length > 1
    let turnsBack = 0
    for (let index = messages.length - 1; index >= 0; index -= 1) {
      const message = messages[index]
      if (message?.role !== 'user') continue
      const whole = textOf(message)
      const text = peel(whole)
      const length = whole.length > LONGEST_PEELED ? whole.length : text.length
      if (text !== '') yield { text, length, turnsBack, tie: several ? tieOf(text) : 'none' }
      turnsBack += 1
    }
  }
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
