import type { Message } from '../../base/message.ts'
import type { Conversation } from './conversation.ts'
import type { SpokenTurn } from './spoken-turn.ts'

/**
 * The same conversation, which remembers the turns of the messages it was shown last, so that whoever keeps features of a
 * request reads what its verdict was read from; from the first time on that messages come twice, since remembering takes a
 * tenth of a verdict's time. Messages are not changed once they were shown.
 */
export function remembered(conversation: Conversation): Conversation {
  let shown: readonly Message[] | undefined
  let heard: HeardTurns | undefined
  let comeTwice = false

  return {
    ...conversation,
    turns(messages) {
      if (messages === shown) comeTwice = true
      else heard = undefined
      shown = messages
      if (!comeTwice) return conversation.turns(messages)
      heard ??= new HeardTurns(conversation.turns(messages))
      return heard
    },
  }
}

/** Turns that are heard when they are asked for, and then known. */
class HeardTurns implements Iterable<SpokenTurn> {
  readonly #known: SpokenTurn[] = []
  readonly #rest: Iterator<SpokenTurn>

  constructor(turns: Iterable<SpokenTurn>) {
    this.#rest = turns[Symbol.iterator]()
  }

  *[Symbol.iterator](): Generator<SpokenTurn> {
    for (let at = 0; ; at += 1) {
      const turn = this.#known[at] ?? this.#next()
      if (turn === undefined) return
      yield turn
    }
  }

  #next(): SpokenTurn | undefined {
    const { done, value } = this.#rest.next()
    if (done === true) return undefined
    this.#known.push(value)
    return value
  }
}
