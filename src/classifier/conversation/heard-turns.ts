import type { Message } from '../../base/message.ts'
import type { Conversation } from './conversation.ts'
import type { SpokenTurn } from './spoken-turn.ts'

/**
 * Caches the turns of the messages shown last, so that whoever extracts a request's features reads exactly
 * what its verdict was based on. Starts caching only once messages have been shown twice, since it takes a
 * tenth of a verdict's time. Messages must not change after they were shown.
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

/** Turns that are read on demand and then kept. */
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
