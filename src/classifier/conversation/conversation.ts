import type { Message } from '../../base/message.ts'
import type { RuleBook } from '../rule.ts'
import { compileProgramTurns } from '../scaffolding/program-turn.ts'
import { compileScaffolding, LONGEST_PEELED } from '../scaffolding/scaffolding.ts'
import { compileFollowUps, LONGEST_FOLLOW_UP, type Tie } from './follow-up.ts'
import { SpokenTurn } from './spoken-turn.ts'

/** How the lists say a turn depends on others, and whether its words may show more. `none` if it is alone. */
export interface Hang {
  readonly tie: Tie
  readonly mayHang: boolean
}

const ALONE: Hang = { tie: 'none', mayHang: false }

/** Finds the user's turns. */
export interface Conversation {
  /** Turns with any text, newest first; lazy, since the newest is nearly always enough. */
  turns(messages: readonly Message[]): Iterable<SpokenTurn>
  /** How words without scaffolding depend on earlier ones; for a long text its beginning is enough. */
  hangOf(words: string, units: number): Hang
}

/** Reads only the text of `user` messages: system messages, tools and images are no evidence. */
export function compileConversation(book: RuleBook): Conversation {
  const peel = compileScaffolding(book.scaffolding)
  const followUpTie = compileFollowUps(book)
  const isProgramTurn = compileProgramTurns(book.scaffolding.results)

  function hangOf(words: string, units: number): Hang {
    if (isProgramTurn(words)) return { tie: 'close', mayHang: false }
    if (units > LONGEST_FOLLOW_UP) return ALONE
    const tie = followUpTie(words)
    return { tie, mayHang: tie === 'none' }
  }

  function* turns(messages: readonly Message[]): Generator<SpokenTurn> {
    const several = !isAlone(messages)
    let turnsBack = 0
    for (let index = messages.length - 1; index >= 0; index -= 1) {
      const message = messages[index]
      if (message?.role !== 'user') continue
      const whole = textOf(message)
      const text = peel(whole)
      const length = whole.length > LONGEST_PEELED ? whole.length : text.length
      const { tie, mayHang } = several ? hangOf(text, text.length) : ALONE
      if (text !== '') yield new SpokenTurn(text, length, turnsBack, tie, mayHang)
      turnsBack += 1
    }
  }

  return { turns, hangOf }
}

/** Whether nothing was asked before the newest turn. */
export function isAlone(messages: readonly Message[]): boolean {
  let asked = 0
  for (const { role } of messages) {
    if (role === 'user') asked += 1
    if (asked === 2) return false
  }
  return true
}

/** The text of a message, without images and the like. */
export function textOf(message: Message): string {
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
