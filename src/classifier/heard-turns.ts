import type { Message } from '../base/message.ts'
import type { Conversation } from './conversation.ts'
import type { SpokenTurn } from './spoken-turn.ts'

/**
 * The same conversation, which remembers the turns of the messages it was shown last: whoever keeps a request's features
 * reads what its verdict was read from. Messages are not changed once they were shown.
 */
export function remembered(conversation: Conversation): Conversation {
  let shown: readonly Message[] | undefined
  let heard = new HeardTurns([])

  return {
    ...conversation,
    turns(messages) {
      if (messages !== shown) {
        shown = messages
        heard = new HeardTurns(conversation.turns(messages))
      }
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
